/** Something forbidden in a text: from where to where, in UTF-16 units, and by which entries; −1 stands for the hold limit. */
export interface Finding {
  readonly start: number;
  readonly end: number;
  readonly entries: readonly number[];
}

/** `mask`: what is forbidden is masked. `halt`: the text ends before it. */
export type HoldMode = 'mask' | 'halt';

interface Range {
  start: number;
  end: number;
  readonly entries: Set<number>;
}

/**
 * The part of a text that has not gone out yet, and what was found in it. Findings that share characters become one, and one mask. All
 * places are counted in the whole text, in UTF-16 units.
 */
export class HeldText {
  #mode: HoldMode;
  readonly #mask: string;
  #text = '';
  #base = 0;
  #released = 0;
  /** Not masked yet, in order. */
  #ranges: Range[] = [];
  /** Masked last; may still grow. */
  #open: Range | undefined;
  #findings: Finding[] = [];
  #halt: Finding | undefined;
  #hasMasked = false;

  constructor(mode: HoldMode, mask: string) {
    this.#mode = mode;
    this.#mask = mask;
  }

  /** What of the text is still here, and where it begins. */
  get text(): string {
    return this.#text;
  }
  get base(): number {
    return this.#base;
  }
  /** Up to where the text has gone out, or been masked. */
  get released(): number {
    return this.#released;
  }
  get length(): number {
    return this.#base + this.#text.length;
  }
  get isEmpty(): boolean {
    return this.#text === '' && this.#ranges.length === 0;
  }

  /** What the text ended before; only in mode `halt`. */
  get halt(): Finding | undefined {
    return this.#halt;
  }

  /** Whether anything has been masked. */
  get hasMasked(): boolean {
    return this.#hasMasked;
  }

  append(piece: string): void {
    this.#text += piece;
  }

  /** Lets a piece through that nothing was found in; only where nothing is held. */
  pass(piece: string): string {
    if (this.#halt !== undefined) return '';
    this.#base += piece.length;
    this.#released = this.#base;
    if (piece !== '') this.settle();
    return piece;
  }

  /** Notes something forbidden. */
  found(start: number, end: number, entry: number): void {
    const open = this.#open;
    if (open !== undefined && start < open.end && this.#released <= open.end)
      return this.#grow(open, end, entry);
    const range: Range = { start: Math.max(start, this.#released), end, entries: new Set([entry]) };
    if (range.end > range.start) this.#insert(range);
  }

  /** Gives what goes out when nothing before `to` can become part of anything forbidden any more. */
  release(to: number): string {
    let out = '';
    for (let next = this.#ranges[0]; next !== undefined && next.start <= to; next = this.#ranges[0]) {
      out += this.#upTo(next.start);
      if (this.#mode === 'halt') {
        this.#halt = findingOf(next);
        return out;
      }
      out += this.#cover(next);
    }
    out += this.#upTo(to);
    this.#text = this.#text.slice(this.#released - this.#base);
    this.#base = this.#released;
    return out;
  }

  /** Nothing follows: what was masked last can't grow any more. */
  settle(): void {
    if (this.#open !== undefined) this.#findings.push(findingOf(this.#open));
    this.#open = undefined;
  }

  /** Masks from now on, what the text halted at first. */
  mask(): void {
    this.#mode = 'mask';
    this.#halt = undefined;
  }

  takeFindings(): Finding[] {
    if (this.#findings.length === 0) return this.#findings;
    const findings = this.#findings;
    this.#findings = [];
    return findings;
  }

  #upTo(place: number): string {
    if (place <= this.#released) return '';
    const out = this.#text.slice(this.#released - this.#base, place - this.#base);
    this.#released = place;
    this.settle();
    return out;
  }

  #cover(range: Range): string {
    this.#ranges.shift();
    this.settle();
    this.#open = range;
    this.#hasMasked = true;
    this.#released = range.end;
    return this.#mask;
  }

  #grow(open: Range, end: number, entry: number): void {
    open.end = Math.max(open.end, end);
    open.entries.add(entry);
    for (let next = this.#ranges[0]; next !== undefined && next.start < open.end; next = this.#ranges[0]) {
      this.#ranges.shift();
      open.end = Math.max(open.end, next.end);
      for (const other of next.entries) open.entries.add(other);
    }
    this.#released = open.end;
  }

  /** Keeps the ranges in order, those that share characters as one. */
  #insert(range: Range): void {
    const after: Range[] = [];
    for (
      let last = this.#ranges.at(-1);
      last !== undefined && last.end > range.start;
      last = this.#ranges.at(-1)
    ) {
      this.#ranges.pop();
      if (last.start >= range.end) after.unshift(last);
      else {
        range.start = Math.min(range.start, last.start);
        range.end = Math.max(range.end, last.end);
        for (const other of last.entries) range.entries.add(other);
      }
    }
    this.#ranges.push(range, ...after);
  }
}

function findingOf({ start, end, entries }: Range): Finding {
  return { start, end, entries: [...entries].toSorted((a, b) => a - b) };
}
