import { asRecord, type JsonRecord } from '../json-record.ts';

/**
 * Longest text that is taken by template, in UTF-16 units. V8 copies slices up to this length and keeps the whole read alive for longer
 * ones; and a longer piece has fewer chunks to save on.
 */
const maxLength = 12;

/** How often a template may be learned in vain. */
const initialCredit = 4;

/** So many matches pay for learning once more: some hosts change a field, such as the time, every now and then. */
const matchesPerCredit = 32;

const probe = 'katamari-probe';

/** A field of OpenAI's that hides the length of a chunk: random text, of no meaning. */
const padding = 'obfuscation';

/**
 * Reads the text of a chunk without parsing it, where the chunk is the same as one before it but for that text (and OpenAI's padding).
 * Parsing is nine tenths of what a token costs, and nearly all of what is parsed is the same in every chunk.
 *
 * Sound, not a guess: a template is learned from a chunk that was parsed and holds nothing but text, and it is parsed once more with other
 * texts in the gaps. So each gap is the inside of a string: any text without quotes, backslashes and control characters that stands between
 * the same pieces is that string, and nothing else in the chunk differs.
 */
export class ChunkTemplate {
  /** What stands before the text, behind it, and behind the padding where there is one. */
  #head = '';
  #middle = '';
  #tail: string | undefined;
  #credit = initialCredit;
  #matches = 0;

  /** The text of the chunk, `undefined` where the chunk has to be parsed. */
  match(data: string): string | undefined {
    const start = this.#head.length;
    if (start === 0) return undefined;
    const end = endOfText(data, start);
    // Compared by slices: V8 compares whole strings by the word, and `startsWith` by the character.
    if (end === -1 || end === start || end - start > maxLength || !this.#endsWell(data, end))
      return undefined;
    if (data.slice(0, start) !== this.#head) return undefined;
    this.#matches += 1;
    if (this.#matches % matchesPerCredit === 0 && this.#credit < initialCredit) this.#credit += 1;
    return data.slice(start, end);
  }

  /** Takes a chunk that was parsed as the template for those to come, if it may be one. */
  learn(data: string, chunk: JsonRecord): void {
    if (this.#credit === 0) {
      // Nothing has ever matched: the host's chunks are not alike, and looking at them costs more than it saves.
      if (this.#matches === 0) this.#head = '';
      return;
    }
    const content = plainContent(chunk);
    if (content === undefined || content === '') return;
    // A host may write the same text with other escapes; then there is no template.
    const start = insideOf(data, JSON.stringify(content));
    if (start === -1) return;
    this.#credit -= 1;
    const head = data.slice(0, start);
    const rest = data.slice(start + JSON.stringify(content).length - 2);
    const pad = chunk[padding];
    const gap = typeof pad === 'string' ? insideOf(rest, JSON.stringify(pad)) : -1;
    const middle = gap === -1 ? rest : rest.slice(0, gap);
    const tail =
      gap === -1 || typeof pad !== 'string' ? undefined : rest.slice(gap + JSON.stringify(pad).length - 2);
    if (!isProven(head, middle, tail)) return;
    this.#head = head;
    this.#middle = middle;
    this.#tail = tail;
  }

  #endsWell(data: string, end: number): boolean {
    if (this.#tail === undefined) return data.slice(end) === this.#middle;
    const start = end + this.#middle.length;
    if (data.slice(end, start) !== this.#middle) return false;
    const paddingEnd = endOfText(data, start);
    return paddingEnd !== -1 && data.slice(paddingEnd) === this.#tail;
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

/** Where the inside of the last such value of a field begins; -1 where there is none. */
function insideOf(data: string, quoted: string): number {
  const tight = data.lastIndexOf(`:${quoted}`);
  if (tight !== -1) return tight + 2;
  const spaced = data.lastIndexOf(`: ${quoted}`);
  return spaced === -1 ? -1 : spaced + 3;
}

/** Parses the pieces with other texts in the gaps: they must come out where they are looked for. */
function isProven(head: string, middle: string, tail: string | undefined): boolean {
  try {
    const chunk = asRecord(
      JSON.parse(tail === undefined ? head + probe + middle : head + probe + middle + probe + tail),
    );
    if (chunk === undefined || plainContent(chunk) !== probe) return false;
    return tail === undefined || chunk[padding] === probe;
  } catch {
    return false;
  }
}

/** The text of a chunk that says nothing else: no reason, usage, error, thought, refusal or tool call, and one choice only. */
function plainContent(chunk: JsonRecord): string | undefined {
  const { choices, model } = chunk;
  if (!Array.isArray(choices) || choices.length !== 1 || typeof model !== 'string' || model === '')
    return undefined;
  if (!areEmpty(chunk, ['usage', 'x_groq', 'error', 'type']) || chunk['object'] === 'error') return undefined;
  const choice = asRecord(choices[0]);
  const delta = asRecord(choice?.['delta']);
  if (choice === undefined || delta === undefined) return undefined;
  if (choice['index'] !== 0 || !areEmpty(choice, ['finish_reason', 'error', 'object', 'type']))
    return undefined;
  const others = Object.keys(delta).filter((key) => key !== 'content' && key !== 'role');
  const content = delta['content'];
  return typeof content === 'string' && areEmpty(delta, others) ? content : undefined;
}

function areEmpty(record: JsonRecord, fields: readonly string[]): boolean {
  return fields.every((field) => record[field] === undefined || record[field] === null);
}
