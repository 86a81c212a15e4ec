import { asRecord, type JsonRecord } from './json-record.ts';

/**
 * Longest text that is taken by template, in UTF-16 units. V8 copies slices up to this length and keeps the whole read alive for longer
 * ones; and a longer piece has fewer events to save on.
 */
const maxLength = 12;

/** How often a template may be learned in vain. */
const initialCredit = 4;

/** So many matches pay for learning once more: some hosts change a field, such as the time, every now and then. */
const matchesPerCredit = 32;

const probe = 'katamari-probe';
const passingProbes = { text: 'katamari-passing', number: 48_151_623 } as const;

/** What events of a protocol that hold a piece of text, and nothing else, are like. */
export interface PlainForm {
  /** The key of the text, wherever in the event it is. */
  readonly key: string;
  /** Fields at the top that may differ from event to event and mean nothing: padding, a running number. */
  readonly passing: readonly string[];
  /** The text of an event that says nothing else; `undefined` for all others. */
  textOf(event: JsonRecord): string | undefined;
}

/** Where something stands that may differ. */
interface Gap {
  /** The field, `undefined` for the text itself. */
  readonly field: string | undefined;
  readonly kind: 'text' | 'number';
  readonly start: number;
  readonly end: number;
}

/**
 * Reads the text of an event without parsing it, where the event is the same as one before it but for that text, and for fields that pass
 * by. Parsing is nine tenths of what a token costs, and nearly all of what is parsed is the same in every event.
 *
 * Sound, not a guess: a template is learned from an event that was parsed and holds nothing but text, and it is parsed once more with other
 * values in the gaps. So each gap is a number or the inside of a string: any text without quotes, backslashes and control characters that
 * stands between the same pieces is that string, and nothing else in the event differs.
 */
export class EventTemplate {
  readonly #form: PlainForm;
  /** What stands before each gap. */
  #pieces: readonly string[] = [];
  #gaps: readonly Gap[] = [];
  /** What stands behind the last one. */
  #tail = '';
  #credit = initialCredit;
  #matches = 0;

  constructor(form: PlainForm) {
    this.#form = form;
  }

  /** The text of the event, `undefined` where the event has to be parsed. */
  match(data: string): string | undefined {
    const pieces = this.#pieces;
    const gaps = this.#gaps;
    if (gaps.length === 0) return undefined;
    let at = 0;
    let text: string | undefined;
    for (let index = 0; index < gaps.length; index += 1) {
      const piece = pieces[index] ?? '';
      const gap = gaps[index];
      const start = at + piece.length;
      // Compared by slices: V8 compares whole strings by the word, and `startsWith` by the character.
      if (data.slice(at, start) !== piece) return undefined;
      at = gap?.kind === 'number' ? endOfNumber(data, start) : endOfText(data, start);
      if (at === -1) return undefined;
      if (gap?.field !== undefined) continue;
      if (at === start || at - start > maxLength) return undefined;
      text = data.slice(start, at);
    }
    if (data.slice(at) !== this.#tail) return undefined;
    this.#matches += 1;
    if (this.#matches % matchesPerCredit === 0 && this.#credit < initialCredit) this.#credit += 1;
    return text;
  }

  /** Takes an event that was parsed as the template for those to come, if it may be one. */
  learn(data: string, event: JsonRecord): void {
    if (this.#credit === 0) {
      // Nothing has ever matched: the host's events are not alike, and looking at them costs more than it saves.
      if (this.#matches === 0) this.#gaps = [];
      return;
    }
    const gaps = this.#gapsIn(data, event);
    if (gaps === undefined) return;
    this.#credit -= 1;
    const pieces = gaps.map(({ start }, index) => data.slice(gaps[index - 1]?.end ?? 0, start));
    const tail = data.slice(gaps.at(-1)?.end);
    if (!this.#isProven(pieces, gaps, tail)) return;
    this.#pieces = pieces;
    this.#gaps = gaps;
    this.#tail = tail;
  }

  /** In the order in which they stand; `undefined` where there is no text, or it is not where it should be. */
  #gapsIn(data: string, event: JsonRecord): Gap[] | undefined {
    const { key, passing } = this.#form;
    const text = this.#form.textOf(event);
    if (text === undefined || text === '') return undefined;
    // A host may write the same text with other escapes; then there is no template.
    const own = gapOf(data, key, text);
    if (own === undefined) return undefined;
    const others = passing.flatMap((field) => {
      const gap = gapOf(data, field, event[field]);
      return gap === undefined ? [] : { ...gap, field };
    });
    return [{ ...own, field: undefined }, ...others].toSorted((one, other) => one.start - other.start);
  }

  /** Parses the pieces with other values in the gaps: they must come out where they are looked for. */
  #isProven(pieces: readonly string[], gaps: readonly Gap[], tail: string): boolean {
    const parts = gaps.map(({ field, kind }, index) => {
      return `${pieces[index] ?? ''}${field === undefined ? probe : passingProbes[kind]}`;
    });
    try {
      const event = asRecord(JSON.parse(parts.join('') + tail));
      if (event === undefined || this.#form.textOf(event) !== probe) return false;
      return gaps.every(({ field, kind }) => field === undefined || event[field] === passingProbes[kind]);
    } catch {
      return false;
    }
  }
}

/** Where the string that goes on at `start` is closed; -1 where it holds anything that has to be decoded or refused. */
function endOfText(data: string, start: number): number {
  for (let index = start; index < data.length; index += 1) {
    const unit = data.charCodeAt(index);
    if (unit === 0x22) return index;
    if (unit < 0x20 || unit === 0x5c) return -1;
  }
  return -1;
}

/** Where the digits that begin at `start` end; -1 where there are none, or more or others than in a plain whole number. */
function endOfNumber(data: string, start: number): number {
  let index = start;
  for (; index < data.length; index += 1) {
    const unit = data.charCodeAt(index);
    if (unit < 0x30 || unit > 0x39) break;
  }
  const hasZeroAhead = index - start > 1 && data.charCodeAt(start) === 0x30;
  return index === start || index - start > 15 || hasZeroAhead ? -1 : index;
}

/** Where the last such value of a key stands, without its quotes; `undefined` where it does not. */
function gapOf(data: string, key: string, value: unknown): Omit<Gap, 'field'> | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const written = JSON.stringify(value);
  for (const colon of [':', ': ']) {
    const before = `${JSON.stringify(key)}${colon}`;
    const at = data.lastIndexOf(before + written);
    if (at === -1) continue;
    const start = at + before.length;
    const end = start + written.length;
    return typeof value === 'number'
      ? { kind: 'number', start, end }
      : { kind: 'text', start: start + 1, end: end - 1 };
  }
  return undefined;
}
