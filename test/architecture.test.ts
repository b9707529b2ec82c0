// The import table of the house: arrows point inward, siblings are blind to each other, no values go in circles.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const SRC = fileURLToPath(new URL('../src', import.meta.url));

/** Layers each layer may import beside itself and `errors.ts`. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  pain: [],
  cds: ['pain'],
  knowledge: ['cds', 'pain'],
  net: [],
  fhir: ['cds', 'pain', 'net'],
  store: ['cds', 'pain'],
  auth: ['cds', 'pain', 'net'],
  sandbox: ['cds', 'pain'],
  http: ['cds', 'pain'],
  cli: ['cds', 'pain'],
};
/** Files outside the layers, with what may import them. */
const ROOTS: Readonly<Record<string, readonly string[]>> = {
  'errors.ts': ['*'],
  'config.ts': ['wire.ts', 'main.ts', 'cli'],
  'wire.ts': ['main.ts', 'cli'],
  'main.ts': ['cli'],
};
/** The only packages a pure layer may name, and those as types. */
const PURE = new Set(['pain', 'cds']);
const IMPURE =
  /\b(Date\.now\(|new Date\(\)|Math\.random\(|process\.|performance\.|globalThis\.|fetch\(|setTimeout\(|console\.)/;

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isType: boolean;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .map((path) => path.split(sep).join('/'))
  .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('workbench/'));

const source = (path: string): string => readFileSync(join(SRC, path), 'utf8');

/** Code without comments, so that words in prose do not count. */
const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');

const SPECIFIER =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\(\s*'([^']+)'\s*\)/g;

const importsOf = (from: string): Import[] =>
  [...withoutComments(source(from)).matchAll(SPECIFIER)].map(([, type, fixed, dynamic]) => {
    const specifier = fixed ?? dynamic ?? '';
    const to = specifier.startsWith('.')
      ? relative(SRC, join(SRC, dirname(from), specifier))
          .split(sep)
          .join('/')
          .replace(/\.js$/, '.ts')
      : specifier;
    return { from, to, isType: type !== undefined };
  });

const imports = files.flatMap(importsOf);
const isOwn = (to: string): boolean => files.includes(to);
const layerOf = (path: string): string => (path.includes('/') ? (path.split('/')[0] ?? '') : path);

/** Why an import breaks the table; undefined when it does not. */
const faultOf = ({ from, to, isType }: Import): string | undefined => {
  const [layer, target] = [layerOf(from), layerOf(to)];
  if (!isOwn(to)) {
    if (from === 'errors.ts') return 'errors.ts imports nothing';
    if (PURE.has(layer) && !(isType && to === 'fhir/r4.js')) return `${layer}/ is pure`;
    return undefined;
  }
  if (from === 'errors.ts') return 'errors.ts imports nothing';
  const importers = ROOTS[to];
  if (importers)
    return importers.includes('*') || importers.includes(layer)
      ? undefined
      : `${to} is not for ${layer}`;
  if (layer in ROOTS || layer === target) return undefined;
  return LAYERS[layer]?.includes(target) ? undefined : `${layer} may not know ${target}`;
};

/** A circle of imports, those of types included, as paths; undefined when there is none. */
const findCycle = (): string[] | undefined => {
  const targets = new Map<string, string[]>();
  for (const { from, to } of imports) {
    if (isOwn(to)) targets.set(from, [...(targets.get(from) ?? []), to]);
  }
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of targets.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of files) {
    const cycle = visit(file, []);
    if (cycle) return cycle;
  }
  return undefined;
};

describe('the architecture', () => {
  it('is read from files that are there', () => {
    assert.ok(files.length > 20);
    assert.ok(imports.length > 50);
  });

  it('has no folder outside the table', () => {
    const unknown = files.map(layerOf).filter((layer) => !(layer in LAYERS) && !(layer in ROOTS));

    assert.deepEqual([...new Set(unknown)], []);
  });

  it('follows the import table, types included', () => {
    const faults = imports.flatMap((one) => {
      const fault = faultOf(one);
      return fault ? [`${one.from} -> ${one.to}: ${fault}`] : [];
    });

    assert.deepEqual(faults, []);
  });

  it('resolves every relative import to a file', () => {
    const broken = imports
      .filter(({ to }) => to.endsWith('.ts') && !isOwn(to))
      .map(({ from, to }) => `${from} -> ${to}`);

    assert.deepEqual(broken, []);
  });

  it('has no circle of imports between files, types included', () => {
    assert.equal(findCycle()?.join(' -> '), undefined);
  });

  it('keeps clock, chance and environment out of the pure layers', () => {
    const impure = files
      .filter((path) => PURE.has(layerOf(path)))
      .filter((path) => IMPURE.test(withoutComments(source(path))));

    assert.deepEqual(impure, []);
  });

  it('hands clock and chance to the reads of FHIR servers', () => {
    const unbound = files
      .filter((path) => layerOf(path) === 'fhir')
      .filter((path) =>
        /\b(Date\.now|new Date\(\)|Math\.random|performance\.)/.test(withoutComments(source(path))),
      );

    assert.deepEqual(unbound, []);
  });

  it('reads the environment in config.ts only', () => {
    const readers = files.filter((path) => /process\.env\b/.test(withoutComments(source(path))));

    assert.deepEqual(
      readers.filter((path) => path !== 'config.ts' && !path.startsWith('cli/')),
      [],
    );
  });

  it('opens every file with a line that says what it knows', () => {
    assert.deepEqual(
      files.filter((path) => !/^(#!.*\n)?\/\/ \S/.test(source(path))),
      [],
    );
  });

  it('exports by name only', () => {
    assert.deepEqual(
      files.filter((path) =>
        /\bexport default\b|\bexport \* from\b/.test(withoutComments(source(path))),
      ),
      [],
    );
  });
});
