import type { PersonaError } from '../errors.ts';

/** The faulty line of a text with a mark under its column, for a person to look at; `undefined` where the error has no place. */
export function frameOf(error: PersonaError, yaml: string): string | undefined {
  const { line, column = 1 } = error;
  if (line === undefined) return undefined;
  const text = yaml.split(/\r\n|\r|\n/)[line - 1] ?? '';
  const from = Math.max(0, column - 60);
  return `${line} | ${text.slice(from, from + 120)}\n${' '.repeat(String(line).length)} | ${' '.repeat(Math.max(0, column - 1 - from))}^`;
}
