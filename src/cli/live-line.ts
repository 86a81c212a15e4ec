import { displayWidth } from '../trim/explain-trim.ts';

/** How often the line is drawn where nothing else is written, in milliseconds. */
const EVERY_MS = 200;

/** Down and up again makes room for a line below, by scrolling where there is none; then the place is kept. */
const BELOW = '\u001bD\u001bM\u001b7\u001b[B\r';
const BACK = '\u001b8';
const ERASE_LINE = '\u001b[2K';
const ERASE_DOWN = '\u001b[J';

/** Text that grows, and under it one line that changes. Where the stream is no terminal there is only the text. */
export class LiveLine {
  readonly #out: NodeJS.WriteStream;
  #line: (() => string) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isDrawn = false;

  constructor(out: NodeJS.WriteStream) {
    this.#out = out;
  }

  /** Shows the line, until `stop`. */
  start(line: () => string): void {
    if (!this.#out.isTTY || process.env['TERM'] === 'dumb') return;
    this.#line = line;
    this.#timer = setInterval(() => {
      this.#draw();
    }, EVERY_MS);
    this.#draw();
  }

  /** Takes the line away. */
  stop(): void {
    clearInterval(this.#timer);
    this.#clear();
    this.#line = undefined;
  }

  /** Writes text over the line. */
  write(text: string): void {
    this.#clear();
    this.#out.write(text);
    this.#draw();
  }

  #draw(): void {
    if (this.#line === undefined) return;
    const line = cut(this.#line(), (this.#out.columns || 80) - 1);
    this.#out.write(`${BELOW}${ERASE_LINE}${line}${BACK}`);
    this.#isDrawn = true;
  }

  #clear(): void {
    // Never at the text's own line: a text that ends in the last column would lose its last character.
    if (this.#isDrawn) this.#out.write(`\u001b7\u001b[B\r${ERASE_DOWN}${BACK}`);
    this.#isDrawn = false;
  }
}

/** As much of a text as has room, so that the line never becomes two. */
function cut(text: string, columns: number): string {
  let [shown, width] = ['', 0];
  for (const character of text) {
    width += displayWidth(character);
    if (width > columns) break;
    shown += character;
  }
  return shown;
}
