/** Numbers the speakers of a conversation, so that each name is looked at once per query and not once per unit. */
export class Speakers {
  readonly #names: string[] = [''];
  readonly #numbers = new Map<string, number>([['', 0]]);

  /** All names, by number; number 0 is nobody. */
  get names(): readonly string[] {
    return this.#names;
  }

  /** The number of the speaker of a text; `name` `undefined` takes one that stands before the text, as in `Anna: hello`. */
  numberOf(text: string, name: string | undefined): number {
    const speaker = name ?? nameBefore(text);
    const known = this.#numbers.get(speaker);
    if (known !== undefined) return known;
    this.#numbers.set(speaker, this.#names.length);
    return this.#names.push(speaker) - 1;
  }
}

/** Where names end, the longest there are. */
const MAX_NAME = 32;

/** `Anna` in `Anna: hello`, 「田中」 in 「田中：はい」; empty where the text does not begin so. */
function nameBefore(text: string): string {
  const end = endOfName(text);
  for (let at = 0; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || endsName(code)) return '';
  }
  return text.slice(0, end);
}

/** Where the first colon stands; 0 where that is too far. Looking for one character costs less than looking at each. */
function endOfName(text: string): number {
  const narrow = text.indexOf(':');
  const wide = text.indexOf('：');
  const end = narrow === -1 || (wide !== -1 && wide < narrow) ? wide : narrow;
  return end > MAX_NAME ? 0 : Math.max(0, end);
}

/** What stands in a sentence but in no name: , ? ! 。 、 */
function endsName(code: number): boolean {
  return code === 0x2c || code === 0x3f || code === 0x21 || code === 0x3002 || code === 0x3001;
}
