import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A fenced block of TypeScript in a document. */
export interface CodeBlock {
  /** `README.md:12`, the line where it begins. */
  readonly place: string;
  readonly code: string;
  /** False for a block marked `ts fragment`, which is checked by the compiler but not run. */
  readonly runs: boolean;
}

/** README.md and every guide. */
export const documents: readonly string[] = [
  'README.md',
  'RUNBOOK.md',
  ...readdirSync('docs/guides').map((file) => join('docs/guides', file)),
];

/** The blocks of a document whose fence says `ts`. */
export function codeBlocks(document: string): CodeBlock[] {
  const text = readFileSync(document, 'utf8');
  return [...text.matchAll(/^```ts( fragment)?\n([^]*?)^```$/gm)].map(
    ({ 1: fragment, 2: code = '', index }) => ({
      place: `${document}:${text.slice(0, index).split('\n').length}`,
      code,
      runs: fragment === undefined,
    }),
  );
}

/** The shell commands of a document, one line each, without comments. */
export function shellCommands(document: string): string[] {
  const text = readFileSync(document, 'utf8');
  return [...text.matchAll(/^```sh\n([^]*?)^```$/gm)]
    .flatMap(({ 1: block = '' }) => block.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
}
