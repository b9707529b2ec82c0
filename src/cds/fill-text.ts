// Named placeholders of card sentences. Must not know which sentences there are.
import { markdownChartText, plainChartText } from './chart-text.js';

/** A value that is already inert: our own words, or text that went through `chart-text.ts`. */
export interface SafeText {
  readonly safe: string;
}

/** A bare string counts as chart text and is made inert. */
export type FillValue = string | SafeText;

/** A sentence compiled at load. */
export interface TextTemplate {
  readonly markdown: (values: Readonly<Record<string, FillValue>>) => string;
  readonly plain: (values: Readonly<Record<string, FillValue>>) => string;
}

/**
 * Compiles a sentence with `{name}` placeholders.
 * @throws {RangeError} when it names a placeholder that is not allowed, or has a loose brace
 */
export function compileText(source: string, allowed: readonly string[]): TextTemplate {
  const parts = source.split(/\{([^{}]*)\}/);
  parts.forEach((part, i) => {
    if (i % 2 === 1 && !allowed.includes(part)) {
      throw new RangeError(
        `unknown placeholder {${part}}; known here: ${allowed.join(', ') || 'none'}`,
      );
    }
    if (i % 2 === 0 && /[{}]/.test(part)) throw new RangeError('a brace that opens no placeholder');
  });
  return {
    markdown: (values) => fill(parts, values, markdownChartText),
    plain: (values) => fill(parts, values, plainChartText),
  };
}

function fill(
  parts: readonly string[],
  values: Readonly<Record<string, FillValue>>,
  inert: (text: string) => string,
): string {
  let filled = parts[0] ?? '';
  for (let i = 1; i < parts.length; i += 2) {
    const value = values[parts[i] ?? ''] ?? '';
    filled += (typeof value === 'string' ? inert(value) : value.safe) + (parts[i + 1] ?? '');
  }
  return filled;
}
