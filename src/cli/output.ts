import { once } from 'node:events';
import { styleText } from 'node:util';

import { plainText } from './plain-text.ts';

type Format = Parameters<typeof styleText>[0];

/** Writes the product to stdout, as fast as its reader takes it. */
export async function print(text: string): Promise<void> {
  // In a pipe the text is left as it is; a terminal would obey what a model wrote.
  const shown = process.stdout.isTTY ? plainText(text) : text;
  if (!process.stdout.write(shown)) await once(process.stdout, 'drain');
}

/** Writes the product as one line of JSON, or indented where a person reads it. */
export async function printJson(value: unknown): Promise<void> {
  await print(`${JSON.stringify(value, null, process.stdout.isTTY ? 2 : 0)}\n`);
}

/** Tells the person at the terminal something that is not the product: to stderr. */
export function tell(text: string, format?: Format): void {
  const shown = plainText(text);
  process.stderr.write(
    `${format === undefined ? shown : styleText(format, shown, { stream: process.stderr })}\n`,
  );
}

/**
 * A reader that goes away (`katamari models | head`) is no failure. Without this the process would end with a stack trace.
 */
export function leaveWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      throw error;
    });
  }
}
