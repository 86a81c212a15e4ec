import { readFileSync } from 'node:fs';

/** Commands of the runbook that belong together, and what they must print. */
export interface RunbookScript {
  readonly script: string;
  /** As it stands in the document; `…` is anything. */
  readonly output: string;
}

/** By heading, the scripts under which the runbook says what they print. */
export function runbookScripts(): ReadonlyMap<string, readonly RunbookScript[]> {
  const sections = readFileSync('RUNBOOK.md', 'utf8').split(/^##+ /m);
  const scripts = sections.map((section) => {
    const [heading = ''] = section.split('\n', 1);
    const pairs = [...section.matchAll(/^```sh\n((?:(?!```)[^])*)```\n\n```text\n((?:(?!```)[^])*)```$/gm)];
    return [heading, pairs.map(([, script = '', output = '']) => ({ script, output }))] as const;
  });
  return new Map(scripts.filter(([, found]) => found.length > 0));
}

/** Commands that stand alone: one a line, in blocks without an output. */
export function runbookCommands(): readonly string[] {
  const text = readFileSync('RUNBOOK.md', 'utf8');
  return [...text.matchAll(/^```sh\n((?:(?!```)[^])*)```\n(?!\n```text)/gm)]
    .flatMap(([, block = '']) => block.split('\n'))
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '');
}

/** What an output of the document matches. */
export function outputPattern(output: string): RegExp {
  const parts = output.trim().split('…');
  const escaped = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${escaped.join('[^\\n]*')}$`);
}
