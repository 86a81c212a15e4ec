import { createInterface } from 'node:readline';

/** What a person at the terminal did: said something, ended the input, or pressed Ctrl-C. */
export type Asked = { readonly line: string } | 'end' | 'interrupt';

/**
 * Asks for a line, with editing and the lines before it at arrow-up. The terminal is the program's for this long only, so that Ctrl-C is a
 * signal at all other times.
 *
 * @param earlier - lines before it, the newest first
 */
export function askLine(prompt: string, earlier: readonly string[]): Promise<Asked> {
  return new Promise((resolve) => {
    const reader = createInterface({
      input: process.stdin,
      output: process.stderr,
      terminal: true,
      history: [...earlier],
    });
    let asked: Asked = 'end';
    const leave = (what: Asked): void => {
      asked = what;
      reader.close();
    };
    reader.once('SIGINT', () => {
      leave('interrupt');
    });
    reader.once('line', (line) => {
      leave({ line });
    });
    reader.once('close', () => {
      if (typeof asked === 'string') process.stderr.write('\n');
      resolve(asked);
    });
    reader.setPrompt(prompt);
    reader.prompt();
  });
}
