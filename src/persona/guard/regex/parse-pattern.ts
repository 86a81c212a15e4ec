import { SEMI_VOICED, VOICED, type Folder } from '../../../text/fold/folder.ts';
import { charSet, oneUnit, type CharSetOptions, type ClassItems } from './char-set.ts';
import { classEscape } from './class-escape.ts';
import type { Assertion, Pattern } from './pattern.ts';

/** How a regular expression is read. */
export interface ParseOptions {
  readonly folder: Folder;
  /** Of `i`, `m` and `s`. */
  readonly flags: string;
  /** Whether the pattern is compared with the text as it stands. @defaultValue false: with the folded text */
  readonly isRaw?: boolean;
}

/**
 * Reads a regular expression of JavaScript (flag `u`) that can be matched in one pass: literals, `.`, classes, escapes with `\p{…}`, groups
 * `(…)` and `(?:…)`, `|`, the quantifiers `* + ? {n,m}` (lazy or not, which is the same here), `^ $ \b \B`.
 *
 * @returns what is wrong, where it holds anything else
 */
export function parsePattern(source: string, options: ParseOptions): Pattern | string {
  const reader = new PatternReader(options.isRaw === true ? source : source.normalize('NFC'), options);
  try {
    return reader.whole();
  } catch (error) {
    if (error instanceof NotRegular) return error.message;
    throw error;
  }
}

class NotRegular extends Error {}

const CONTROL: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, v: 11, f: 12, 0: 0 };
const LINE_ENDS: ClassItems['ranges'] = [
  [10, 10],
  [13, 13],
  [0x2028, 0x2029],
];

/** By recursive descent, a method a rule. */
class PatternReader {
  readonly #points: readonly string[];
  readonly #flags: string;
  readonly #set: CharSetOptions;
  #at = 0;

  constructor(source: string, { folder, flags, isRaw = false }: ParseOptions) {
    this.#points = Array.from(source);
    this.#flags = flags;
    this.#set = { folder, ignoreCase: flags.includes('i'), isRaw };
  }

  whole(): Pattern {
    const pattern = this.#choice();
    if (this.#at < this.#points.length) this.#refuse(`an unexpected «${this.#peek()}»`);
    return pattern;
  }

  #choice(): Pattern {
    const options = [this.#sequence()];
    while (this.#take('|')) options.push(this.#sequence());
    return options.length === 1 && options[0] !== undefined ? options[0] : { type: 'choice', options };
  }

  #sequence(): Pattern {
    const items: Pattern[] = [];
    while (this.#at < this.#points.length && this.#peek() !== '|' && this.#peek() !== ')') {
      items.push(this.#quantified(this.#atom()));
    }
    return { type: 'sequence', items };
  }

  #quantified(item: Pattern): Pattern {
    const bounds = this.#quantifier();
    if (bounds === undefined) return item;
    this.#take('?');
    return { type: 'repeat', item, ...bounds };
  }

  #quantifier(): { min: number; max: number } | undefined {
    if (this.#take('*')) return { min: 0, max: Infinity };
    if (this.#take('+')) return { min: 1, max: Infinity };
    if (this.#take('?')) return { min: 0, max: 1 };
    if (this.#peek() !== '{') return undefined;
    const [text, least, comma, most] = /^\{(\d+)(?:(,)(\d*))?\}/.exec(this.#rest()) ?? [];
    if (text === undefined) this.#refuse('«{» without bounds');
    this.#at += text.length;
    const min = Number(least);
    return { min, max: comma === undefined ? min : most === '' ? Infinity : Number(most) };
  }

  #atom(): Pattern {
    const char = this.#next();
    if (char === '(') return this.#group();
    if (char === '[') return { type: 'set', set: this.#class() };
    if (char === '.') return { type: 'set', set: this.#anything() };
    if (char === '^') return this.#assert(this.#flags.includes('m') ? 'line-start' : 'text-start');
    if (char === '$') return this.#assert(this.#flags.includes('m') ? 'line-end' : 'text-end');
    if (char === '\\') return this.#escape();
    return this.#literal(char.codePointAt(0) ?? 0);
  }

  #group(): Pattern {
    if (this.#take('?') && !this.#take(':')) {
      this.#refuse('a look around, a named group or a flag inside');
    }
    const pattern = this.#choice();
    if (!this.#take(')')) this.#refuse('«(» that is not closed');
    return pattern;
  }

  #escape(): Pattern {
    const letter = this.#peek();
    if (letter === 'b' || letter === 'B') {
      this.#at++;
      return this.#assert(letter === 'b' ? 'word-edge' : 'no-word-edge');
    }
    const items = this.#classEscape();
    if (items !== undefined) return { type: 'set', set: charSet(items, this.#set) };
    return this.#literal(this.#charEscape());
  }

  #classEscape(): ClassItems | undefined {
    const letter = this.#peek();
    const property = /^p\{[^}]*\}/i.exec(this.#rest())?.[0];
    const items = classEscape(letter, property?.slice(1));
    if (items !== undefined) this.#at += property === undefined ? 1 : property.length;
    return items;
  }

  /** A code point that is written as an escape, the backslash read. */
  #charEscape(): number {
    const hex = /^(?:u\{([\da-f]+)\}|u([\da-f]{4})|x([\da-f]{2}))/i.exec(this.#rest());
    if (hex !== null) {
      this.#at += hex[0].length;
      return this.#joined(Number.parseInt(hex[1] ?? hex[2] ?? hex[3] ?? '', 16));
    }
    const letter = this.#next();
    if (letter === 'c') return (this.#next().codePointAt(0) ?? 0) % 32;
    if (/[1-9k]/.test(letter)) this.#refuse('a reference back');
    return CONTROL[letter] ?? letter.codePointAt(0) ?? 0;
  }

  /** `\ud83d\ude00` is one character. */
  #joined(point: number): number {
    const low = /^\\u(d[c-f][\da-f]{2})/i.exec(this.#rest());
    if (point < 0xd800 || point > 0xdbff || low === null) return point;
    this.#at += low[0].length;
    return 0x10000 + ((point - 0xd800) << 10) + Number.parseInt(low[1] ?? '', 16) - 0xdc00;
  }

  #class() {
    const negated = this.#take('^');
    const items: ClassItems = { ranges: [], tests: [] };
    while (!this.#take(']')) {
      if (this.#at >= this.#points.length) this.#refuse('«[» that is not closed');
      this.#classItem(items);
    }
    return charSet(items, { ...this.#set, negated });
  }

  #classItem(items: ClassItems): void {
    const first = this.#classPoint();
    if (typeof first !== 'number') {
      items.ranges.push(...first.ranges);
      items.tests.push(...first.tests);
      return;
    }
    const isRange = this.#peek() === '-' && this.#points[this.#at + 1] !== ']';
    if (isRange) this.#at++;
    const last = isRange ? this.#classPoint() : first;
    if (typeof last !== 'number') this.#refuse('a range to a class');
    items.ranges.push([first, last]);
  }

  #classPoint(): number | ClassItems {
    const char = this.#next();
    if (char !== '\\') return char.codePointAt(0) ?? 0;
    if (this.#take('b')) return 8;
    return this.#classEscape() ?? this.#charEscape();
  }

  #anything() {
    const ranges = this.#flags.includes('s') ? [] : LINE_ENDS;
    return charSet({ ranges, tests: [] }, { ...this.#set, negated: true });
  }

  #assert(assertion: Assertion): Pattern {
    return { type: 'assert', assertion };
  }

  /** A literal may be folded to several characters, or to none. */
  #literal(point: number): Pattern {
    const units = this.#set.isRaw ? [point] : this.#set.folder.fold(point);
    if (!this.#set.isRaw && (units[0] === VOICED || units[0] === SEMI_VOICED)) {
      this.#refuse('a voiced mark apart from its kana');
    }
    const items = units.map((unit): Pattern => ({ type: 'set', set: oneUnit(unit, this.#set) }));
    return items.length === 1 && items[0] !== undefined ? items[0] : { type: 'sequence', items };
  }

  #peek(): string {
    return this.#points[this.#at] ?? '';
  }

  #rest(): string {
    return this.#points.slice(this.#at, this.#at + 40).join('');
  }

  #next(): string {
    const char = this.#points[this.#at++];
    if (char === undefined) this.#refuse('an end too early');
    return char;
  }

  #take(char: string): boolean {
    if (this.#peek() !== char) return false;
    this.#at++;
    return true;
  }

  #refuse(what: string): never {
    throw new NotRegular(`holds ${what}, which a guard can't match in one pass`);
  }
}
