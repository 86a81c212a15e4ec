/** What a person wants to read of a critique, and what is put before and after it. */
const shown: Readonly<Record<string, readonly [before: string, after: string]>> = {
  severity: ['\n- ', ': '],
  quote: ['“', '” '],
  problem: ['', ''],
};

const escapes: Readonly<Record<string, string>> = { b: '', f: ' ', n: ' ', r: '', t: ' ' };

/**
 * Reads a critique while it is written. Critics write JSON; what comes out are its findings as lines of a list. A critique in plain words comes
 * out as it is.
 */
export class CritiqueText {
  #form: 'json' | 'words' | undefined;
  #key = '';
  #text = '';
  #hasShown = false;
  #inString = false;
  #isValue = false;
  /** An escape that has begun, without its backslash. */
  #escape: string | undefined;

  /** What can be shown of the next piece. */
  add(piece: string): string {
    let [seen, rest] = ['', piece];
    if (this.#form === undefined) {
      rest = piece.trimStart();
      if (rest === '') return '';
      // A fence around JSON begins with three backticks.
      this.#form = /^[{`]/.test(rest) ? 'json' : 'words';
    }
    if (this.#form === 'words') return rest;
    for (const character of rest) seen += this.#inString ? this.#within(character) : this.#between(character);
    if (this.#hasShown || seen === '') return seen;
    this.#hasShown = true;
    return seen.trimStart();
  }

  #between(character: string): string {
    if (character === ':') this.#isValue = true;
    else if (character === ',' || character === '{' || character === '}') this.#isValue = false;
    if (character !== '"') return '';
    this.#inString = true;
    this.#text = '';
    return this.#isValue ? (shown[this.#key]?.[0] ?? '') : '';
  }

  #within(character: string): string {
    if (this.#escape !== undefined) return this.#escaped(this.#escape + character);
    if (character === '\\') {
      this.#escape = '';
      return '';
    }
    if (character !== '"') return this.#take(character);
    this.#inString = false;
    if (this.#isValue) return shown[this.#key]?.[1] ?? '';
    this.#key = this.#text;
    return '';
  }

  #escaped(escape: string): string {
    if (escape.startsWith('u') && escape.length < 5) {
      this.#escape = escape;
      return '';
    }
    this.#escape = undefined;
    if (escape.startsWith('u'))
      return this.#take(String.fromCharCode(Number.parseInt(escape.slice(1), 16) || 0));
    return this.#take(escapes[escape] ?? escape);
  }

  #take(character: string): string {
    if (!this.#isValue) this.#text += character;
    return this.#isValue && Object.hasOwn(shown, this.#key) ? character : '';
  }
}
