import { LASTING } from '../../text/answer-kinds.ts';
import { RelatedWords } from '../../text/related-words.ts';
import { TermIndex } from '../../text/term-index.ts';
import type { RelevantUnit } from './relevant-unit.ts';
import { Speakers } from './speakers.ts';

const QUESTION = 1;
const INSTRUCTION = 2;

const INSTRUCTS =
  /(?:^|[.!?\n]\s*)(?:(?:and|but|so|also|oh|ok|okay),?\s+)?(?:please\s+)?(?:always|never|from now on|in (?:the )?future|don't ever)\b|\bfrom now on\b|\bkeep in mind\b|\bremember (?:that|to)\b|今後は|これからは|今後、|以後、|必ず|覚えておいて|覚えてお|いつも.{0,16}(?:ください|下さい|して|くれ)/i;

/**
 * What is known of the units of a conversation before a query comes. Give the same index to every call that selects from the same
 * conversation, and only what is new is read.
 */
export class UnitIndex {
  readonly terms = new TermIndex();
  readonly related = new RelatedWords();
  readonly speakers = new Speakers();
  readonly #texts: string[] = [];
  readonly #names: (string | undefined)[] = [];
  #sizes = new Float64Array(64);
  #signs = new Uint8Array(64);
  #speakers = new Int32Array(64);

  /** How many units are in the index. */
  get size(): number {
    return this.#texts.length;
  }

  /** Bytes held, without the texts, which are the caller's. */
  get byteLength(): number {
    return (
      this.terms.byteLength + this.#sizes.byteLength + this.#signs.byteLength + this.#speakers.byteLength
    );
  }

  /** Brings the index to exactly these units: what begins alike stays, the rest is forgotten or read. */
  sync(units: readonly RelevantUnit[]): void {
    let alike = 0;
    const end = Math.min(units.length, this.#texts.length);
    while (
      alike < end &&
      units[alike]?.text === this.#texts[alike] &&
      units[alike]?.name === this.#names[alike]
    )
      alike += 1;
    this.#texts.length = alike;
    this.#names.length = alike;
    this.terms.truncate(alike);
    for (let unit = alike; unit < units.length; unit += 1)
      this.#append(units[unit]?.text ?? '', units[unit]?.name);
  }

  /** About how many tokens a unit has; good enough to rank by and to measure distance. */
  sizeOf(unit: number): number {
    return this.#sizes[unit] ?? 0;
  }

  /** Whether a unit ends as a question. */
  asks(unit: number): boolean {
    return ((this.#signs[unit] ?? 0) & QUESTION) !== 0;
  }

  /** Whether a unit holds a standing instruction: "always …", 「今後は…」. */
  instructs(unit: number): boolean {
    return ((this.#signs[unit] ?? 0) & INSTRUCTION) !== 0;
  }

  /** The number of the unit's speaker: see {@link Speakers}. */
  speakerOf(unit: number): number {
    return this.#speakers[unit] ?? 0;
  }

  #append(text: string, name: string | undefined): void {
    const unit = this.#texts.length;
    if (unit === this.#sizes.length) {
      this.#sizes = grown(this.#sizes, new Float64Array(unit * 2));
      this.#signs = grown(this.#signs, new Uint8Array(unit * 2));
      this.#speakers = grown(this.#speakers, new Int32Array(unit * 2));
    }
    this.#speakers[unit] = this.speakers.numberOf(text, name);
    this.terms.append(text);
    const wide = wideShare(text);
    // Characters per token differ by script: about 4.4 in English, 1.3 in Japanese (o200k_base).
    this.#sizes[unit] = 1 + text.length * (0.23 + 0.54 * wide);
    // A long text is a document or an answer, not an instruction.
    const mayInstruct =
      text.length <= 600 &&
      ((this.terms.kindsOf(unit) & LASTING) !== 0 || text.includes(wide > 0 ? 'これから' : 'rom now on'));
    this.#signs[unit] =
      (endsAsQuestion(text) ? QUESTION : 0) + (mayInstruct && INSTRUCTS.test(text) ? INSTRUCTION : 0);
    this.#texts.push(text);
    this.#names.push(name);
  }
}

function grown<Column extends Float64Array | Int32Array | Uint8Array>(full: Column, larger: Column): Column {
  larger.set(full);
  return larger;
}

/** How many characters are looked at to tell the script of a text. */
const SAMPLES = 64;

/** The share of characters of Chinese, Japanese and Korean scripts, 0–1, from a sample. */
function wideShare(text: string): number {
  const stride = Math.max(1, text.length / SAMPLES);
  let seen = 0;
  let wide = 0;
  for (let at = 0; at < text.length; at += stride, seen += 1)
    if (text.charCodeAt(at | 0) >= 0x2e80) wide += 1;
  return seen === 0 ? 0 : wide / seen;
}

/** Whether a text ends in ?, ？ or か(。), spaces and closing quotes left aside. */
function endsAsQuestion(text: string): boolean {
  let at = text.length - 1;
  while (at > 0 && text.length - at < 12 && CLOSING.includes(text.charAt(at))) at -= 1;
  const last = text.charAt(at);
  return last === '?' || last === '？' || (last === '。' ? text.charAt(at - 1) : last) === 'か';
}

const CLOSING = ' \n\r\t"\'”’」』)）';
