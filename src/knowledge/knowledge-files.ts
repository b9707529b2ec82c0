// Reads the files of cards/ and remembers where each value stands. Must not know what the values mean.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseCsv } from 'csv-parse/sync';
import { isScalar, LineCounter, parseDocument } from 'yaml';
import type { KnowledgeFault } from '../errors.js';

/** One parsed YAML file; `faultAt` points into it. */
export interface YamlFile {
  readonly file: string;
  readonly value: unknown;
  /** A fault at a path of the document, `offset` characters into its text. */
  readonly faultAt: (
    path: readonly (string | number)[],
    message: string,
    offset?: number,
  ) => KnowledgeFault;
}

/** One row of a CSV file with the line it stands on. */
export interface CsvRow {
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** The files of one knowledge folder. Faults are collected, so that all are reported at once. */
export interface KnowledgeFiles {
  readonly faults: KnowledgeFault[];
  readonly yaml: (file: string) => YamlFile | undefined;
  readonly csv: (file: string) => readonly CsvRow[];
  readonly json: (file: string) => unknown;
  /** Files of a folder with this ending, sorted. */
  readonly list: (folder: string, ending: string) => readonly string[];
  /** Folders of a folder, sorted. */
  readonly folders: (folder: string) => readonly string[];
  /** SHA-256 over the names and contents of every data file. */
  readonly digest: () => string;
}

const positionIn = (
  text: string,
  document: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  path: readonly (string | number)[],
  offset: number,
): { line: number; column: number } => {
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node: unknown =
      depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    const range = (node as { range?: [number, number, number] } | null | undefined)?.range;
    if (!range) continue;
    const isQuoted = isScalar(node) && /["']/.test(text[range[0]] ?? '');
    const inside = depth === path.length ? offset + (isQuoted ? 1 : 0) : 0;
    const { line, col } = lines.linePos(range[0] + inside);
    return { line, column: col };
  }
  return { line: 1, column: 1 };
};

/** Opens a knowledge folder. Nothing is read before it is asked for. */
export const openKnowledgeFiles = (folder: string): KnowledgeFiles => {
  const faults: KnowledgeFault[] = [];
  const read = (file: string): string | undefined => {
    const path = join(folder, file);
    if (existsSync(path)) return readFileSync(path, 'utf8');
    faults.push({ file, message: 'the file is missing' });
    return undefined;
  };
  const list = (below: string, ending: string): readonly string[] => {
    const path = join(folder, below);
    if (!existsSync(path)) return [];
    return readdirSync(path)
      .filter((name) => name.endsWith(ending))
      .sort()
      .map((name) => (below ? `${below}/${name}` : name));
  };
  const folders = (below: string): readonly string[] => {
    const path = join(folder, below);
    if (!existsSync(path)) return [];
    return readdirSync(path)
      .sort()
      .map((name) => `${below}/${name}`);
  };
  return {
    faults,
    list,
    folders,
    yaml: (file) => {
      const text = read(file);
      if (text === undefined) return undefined;
      const lines = new LineCounter();
      const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
      for (const { message, pos } of [...document.errors, ...document.warnings]) {
        const { line, col } = lines.linePos(pos[0]);
        faults.push({ file, line, column: col, message });
      }
      if (document.errors.length > 0) return undefined;
      return {
        file,
        value: document.toJS({ maxAliasCount: 0 }) as unknown,
        faultAt: (path, message, offset = 0) => ({
          file,
          ...positionIn(text, document, lines, path, offset),
          message,
        }),
      };
    },
    csv: (file) => {
      const text = read(file);
      if (text === undefined) return [];
      try {
        const rows: { record: Record<string, string>; info: { lines: number } }[] = parseCsv(text, {
          columns: true,
          info: true,
          skip_empty_lines: true,
          bom: true,
        });
        return rows.map(({ record, info }) => ({ line: info.lines, cells: record }));
      } catch (error) {
        faults.push({ file, message: error instanceof Error ? error.message : 'cannot be read' });
        return [];
      }
    },
    json: (file) => {
      const text = read(file);
      try {
        return text === undefined ? undefined : (JSON.parse(text) as unknown);
      } catch (error) {
        faults.push({ file, message: error instanceof Error ? error.message : 'cannot be read' });
        return undefined;
      }
    },
    digest: () => {
      const hash = createHash('sha256');
      const read = [
        '',
        'categories',
        'guidance',
        'safety',
        'codes',
        'regions',
        'words',
        'texts',
        ...folders('translations'),
      ];
      for (const file of read.flatMap((below) => [
        ...list(below, '.yaml'),
        ...list(below, '.csv'),
      ])) {
        hash
          .update(file)
          .update('\0')
          .update(readFileSync(join(folder, file)))
          .update('\0');
      }
      return `sha256-${hash.digest('hex')}`;
    },
  };
};
