import { LASTING } from '../../text/answer-kinds.ts';
import { TermIndex } from '../../text/term-index.ts';
import { aboutTokens } from '../about-tokens.ts';
import type { RelevantUnit } from './relevant-unit.ts';
import { Speakers } from './speakers.ts';

const QUESTION = 1;
const INSTRUCTION = 2;
const OF_USER = 4;
const OF_ASSISTANT = 8;

/** What is left of a count at the next unit, for as many units as are known. */
interface Fades {
  values: Float64Array;
  known: number;
}

const INSTRUCTS =
  /(?:^|[.!?\n]\s*)(?:(?:and|but|so|also|oh|ok|okay),?\s+)?(?:please\s+)?(?:always|never|from now on|in (?:the )?future|don't ever)\b|\bfrom now on\b|\bkeep in mind\b|\bremember (?:that|to)\b|今後は|これからは|今後、|以後、|必ず|覚えておいて|覚えてお|いつも.{0,16}(?:ください|下さい|して|くれ)/i;

/**
 * What is known of the units of a conversation before a query comes. Give the same index to every call that selects from the same
 * conversation, and only what is new is read.
 */
export class UnitIndex {
  readonly terms = new TermIndex();
  readonly speakers = new Speakers();
  readonly #units: RelevantUnit[] = [];
  readonly #fades = new Map<number, Fades>();
  #sizes = new Float64Array(64);
  #signs = new Uint8Array(64);
  #speakers = new Int32Array(64);

  /** How many units are in the index. */
  get size(): number {
    return this.#units.length;
  }

  /** Bytes held, without the texts, which are the caller's. */
  get byteLength(): number {
    return (
      this.terms.byteLength +
      this.#sizes.byteLength +
      this.#signs.byteLength +
      this.#speakers.byteLength +
      Array.from(this.#fades.values(), ({ values }) => values.byteLength).reduce(
        (sum, bytes) => sum + bytes,
        0,
      )
    );
  }

  /** Brings the index to exactly these units: what begins alike stays, the rest is forgotten or read. */
  sync(units: readonly RelevantUnit[]): void {
    let alike = 0;
    const end = Math.min(units.length, this.#units.length);
    while (alike < end && isAlike(units[alike], this.#units[alike])) alike += 1;
    this.#units.length = alike;
    this.terms.truncate(alike);
    for (const fades of this.#fades.values()) fades.known = Math.min(fades.known, alike);
    const added = units.slice(alike);
    let characters = 0;
    for (const { text } of added) characters += text.length;
    this.terms.expect(characters);
    for (const unit of added) this.#append(unit);
  }

  /** By how much a count fades from the unit before each one to it, where it falls by a factor of e every `reach` tokens. */
  fades(reach: number): Float64Array {
    const fades = this.#fades.get(reach) ?? { values: new Float64Array(0), known: 0 };
    this.#fades.set(reach, fades);
    if (fades.values.length < this.size)
      fades.values = grown(fades.values, new Float64Array(Math.ceil(this.size * 1.25)));
    for (let unit = fades.known; unit < this.size; unit += 1)
      fades.values[unit] =
        unit === 0 || reach === 0 ? 0 : Math.exp(-(this.sizeOf(unit - 1) + this.sizeOf(unit)) / (2 * reach));
    fades.known = this.size;
    return fades.values;
  }

  /** Whether the user says it. */
  isOfUser(unit: number): boolean {
    return ((this.#signs[unit] ?? 0) & OF_USER) !== 0;
  }

  /** Whether the assistant says it. */
  isOfAssistant(unit: number): boolean {
    return ((this.#signs[unit] ?? 0) & OF_ASSISTANT) !== 0;
  }

  /** About how many tokens a unit has; good enough to rank by and to measure distance. */
  sizeOf(unit: number): number {
    return this.#sizes[unit] ?? 0;
  }

  /** Whether a unit ends as a question. */
  asks(unit: number): boolean {
    return ((this.#signs[unit] ?? 0) & QUESTION) !== 0;
  }

  /** Whether the user gives a standing instruction in it: "always …", 「今後は…」. */
  instructs(unit: number): boolean {
    return ((this.#signs[unit] ?? 0) & INSTRUCTION) !== 0;
  }

  /** The number of the unit's speaker: see {@link Speakers}. */
  speakerOf(unit: number): number {
    return this.#speakers[unit] ?? 0;
  }

  #append(appended: RelevantUnit): void {
    const { text, tokens = aboutTokens(text), name, role } = appended;
    const unit = this.#units.length;
    if (unit === this.#sizes.length) {
      this.#sizes = grown(this.#sizes, new Float64Array(unit * 2));
      this.#signs = grown(this.#signs, new Uint8Array(unit * 2));
      this.#speakers = grown(this.#speakers, new Int32Array(unit * 2));
    }
    this.#speakers[unit] = this.speakers.numberOf(text, name);
    this.terms.append(text);
    this.#sizes[unit] = tokens;
    // A long text is a document, not an instruction.
    const mayInstruct =
      role === 'user' &&
      text.length <= 600 &&
      ((this.terms.kindsOf(unit) & LASTING) !== 0 || text.includes('これから') || text.includes('w on'));
    this.#signs[unit] =
      (endsAsQuestion(text) ? QUESTION : 0) +
      (mayInstruct && INSTRUCTS.test(text) ? INSTRUCTION : 0) +
      (role === 'user' ? OF_USER : role === 'assistant' ? OF_ASSISTANT : 0);
    this.#units.push(appended);
  }
}

/** By identity first: a long history is compared at every call. */
function isAlike(one: RelevantUnit | undefined, other: RelevantUnit | undefined): boolean {
  return (
    one === other || (one?.text === other?.text && one?.name === other?.name && one?.role === other?.role)
  );
}

function grown<Column extends Float64Array | Int32Array | Uint8Array>(full: Column, larger: Column): Column {
  larger.set(full);
  return larger;
}

/** Whether a text ends in ?, ？ or か(。), spaces and closing quotes left aside. */
function endsAsQuestion(text: string): boolean {
  let at = text.length - 1;
  while (at > 0 && text.length - at < 12 && CLOSING.includes(text.charAt(at))) at -= 1;
  const last = text.charAt(at);
  return last === '?' || last === '？' || (last === '。' ? text.charAt(at - 1) : last) === 'か';
}

const CLOSING = ' \n\r\t"\'”’」』)）';
