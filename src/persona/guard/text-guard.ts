import { Composer, type UnitSink } from '../../text/fold/composer.ts';
import { MAY_BEGIN, PASSES, type Guard } from './guard.ts';
import { HeldText, type Finding, type HoldMode } from './held-text.ts';
import { jsonEscape } from './json-escape.ts';
import { PatternRun } from './regex/pattern-run.ts';

/** How one text is guarded. */
export interface TextGuardOptions {
  readonly mode: HoldMode;
  /** Whether the text is JSON: what an escape in it stands for counts. @defaultValue false */
  readonly isJson?: boolean;
}

/**
 * Guards one text that arrives piece by piece, however it is cut. What is given back holds nothing forbidden, and lags behind only by what
 * may still become part of something forbidden. Linear in the text.
 */
export class TextGuard implements UnitSink {
  readonly #guard: Guard;
  readonly #isJson: boolean;
  readonly #held: HeldText;
  readonly #composer: Composer;
  readonly #patterns: PatternRun | undefined;
  readonly #rawPatterns: PatternRun | undefined;
  /** The node of the search, and where its last characters begin; a ring as long as the longest term. */
  #node = 0;
  #starts: Float64Array | undefined;
  #units = 0;
  /** How far the text has been looked at. */
  #at = 0;
  /** Longer than this nothing is held, in UTF-16 units. */
  readonly #longest: number;

  constructor(guard: Guard, { mode, isJson = false }: TextGuardOptions) {
    this.#guard = guard;
    this.#isJson = isJson;
    const mask = isJson ? JSON.stringify(guard.mask).slice(1, -1) : guard.mask;
    this.#held = new HeldText(mode, mask);
    this.#composer = new Composer(guard.folder, this);
    this.#longest = guard.holdLimit + 2 * guard.longestTerm;
    const report = (start: number, end: number, entry: number): void => {
      this.#held.found(start, end, entry);
    };
    const { patterns, rawPatterns, holdLimit } = guard;
    this.#patterns = patterns.nfa.isEmpty ? undefined : new PatternRun(patterns, holdLimit, report);
    this.#rawPatterns = rawPatterns.nfa.isEmpty ? undefined : new PatternRun(rawPatterns, holdLimit, report);
  }

  /** What was found since this was last asked, as far as it is settled. */
  takeFindings(): Finding[] {
    return this.#held.takeFindings();
  }

  /** What the text came to and halted before; only in mode `halt`. */
  get halt(): Finding | undefined {
    return this.#held.halt;
  }

  /** Whether anything has been masked. */
  get hasMasked(): boolean {
    return this.#held.hasMasked;
  }

  /** States looked at since the beginning, as a measure of the work done. */
  get steps(): number {
    return (this.#patterns?.steps ?? 0) + (this.#rawPatterns?.steps ?? 0);
  }

  /** Takes a piece; gives what may go out. */
  push(piece: string): string {
    if (this.#isIdle && this.#held.isEmpty) {
      const clean = this.#passOver(piece, 0, this.#at);
      if (clean === piece.length) {
        this.#at += piece.length;
        return this.#held.pass(piece);
      }
    }
    this.#held.append(piece);
    const out = this.#scan();
    return out + this.#held.release(this.#safe());
  }

  /** The text has ended: gives what is left of it. */
  end(): string {
    const out = this.cut();
    this.#held.settle();
    return out;
  }

  /**
   * The text is broken off, and perhaps goes on elsewhere: gives what is left of it, and remembers it, so that what is forbidden does not
   * come about where the two meet.
   */
  cut(): string {
    this.#at = this.#held.length;
    this.#composer.flush();
    this.#patterns?.atEnd();
    return this.#held.release(this.#at);
  }

  /** Masks from here on what would have halted the text. */
  goOnMasking(): string {
    this.#held.mask();
    return this.#held.release(this.#safe());
  }

  /** @internal */
  unit(unit: number, raw: number, start: number, end: number): void {
    this.#patterns?.step(unit, raw, start, end);
    if (this.#guard.longestTerm === 0) return;
    for (const point of this.#guard.folder.lower(unit)) this.#searchOn(point, start, end);
  }

  get #isIdle(): boolean {
    return (
      this.#node === 0 &&
      this.#composer.pending === -1 &&
      (this.#patterns?.earliest ?? Infinity) === Infinity &&
      (this.#rawPatterns?.earliest ?? Infinity) === Infinity
    );
  }

  /** The index from `from` on where something may begin. `base` is where the text's index 0 stands in the whole. */
  #passOver(text: string, from: number, base: number): number {
    const guard = this.#guard;
    let last = -1;
    let at = from;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      const kind = guard.kindOf(code);
      if (kind === MAY_BEGIN || (code === 0x5c && this.#isJson)) break;
      if (kind === PASSES) last = at;
    }
    if (last !== -1 && this.#patterns !== undefined) {
      const units = guard.folder.fold(text.charCodeAt(last));
      this.#patterns.passOver(units.at(-1) ?? -1, base + last + 1);
    }
    return at;
  }

  /** Looks at all of the text that has come; gives what goes out on the way, where much of it is looked at. */
  #scan(): string {
    let out = '';
    for (;;) {
      const { text, base } = this.#held;
      let at = this.#at - base;
      if (this.#isIdle) {
        at = this.#passOver(text, at, base);
        this.#at = base + at;
      }
      if (this.#mayWalk) this.#at = base + (at = this.#walk(text, at, base));
      const length = at < text.length ? this.#pointAt(text, at) : 0;
      if (length === 0) return out;
      this.#at += length;
      if (this.#at - this.#held.released > this.#longest) out += this.#releaseLong();
    }
  }

  /** Whether only patterns have anything to do with a character that begins nothing else. */
  get #mayWalk(): boolean {
    return (
      this.#patterns !== undefined &&
      this.#node === 0 &&
      this.#composer.pending === -1 &&
      !this.#isJson &&
      (this.#rawPatterns?.earliest ?? Infinity) === Infinity
    );
  }

  /** Takes what needs no more than a look-up a character; gives the index of what does. */
  #walk(text: string, from: number, base: number): number {
    const to = Math.min(text.length, this.#held.released + this.#longest - base);
    const at = this.#patterns?.walk(text, from, to, base, this.#guard.forPatternsOnly) ?? from;
    if (at > from) this.#rawPatterns?.passOver(text.charCodeAt(at - 1), base + at);
    return at;
  }

  /** Looks at one character; gives its length, 0 where only a part of it has come. */
  #pointAt(text: string, at: number): number {
    const start = this.#held.base + at;
    let point = text.codePointAt(at) ?? 0;
    let length = point > 0xffff ? 2 : 1;
    if (this.#isJson && point === 0x5c) {
      const escape = jsonEscape(text, at);
      if (escape === undefined) return 0;
      ({ point, length } = escape);
    } else if (point >= 0xd800 && point <= 0xdbff && at + 1 === text.length) return 0;
    const end = start + length;
    this.#rawPatterns?.step(point, point, start, end);
    this.#composer.point(point, start, end);
    return length;
  }

  #searchOn(point: number, start: number, end: number): void {
    const { search, longestTerm } = this.#guard;
    const node = search.next(this.#node, point);
    this.#node = search.open(node);
    if (node === 0) return;
    const starts = (this.#starts ??= new Float64Array(longestTerm + 1));
    starts[this.#units++ % starts.length] = start;
    const ending = search.ending(node);
    if (ending !== undefined) this.#held.found(this.#startOf(ending.length), end, ending.term);
  }

  /** Where the last so many characters begin. */
  #startOf(length: number): number {
    if (this.#starts === undefined || length === 0) return Infinity;
    return this.#starts[(this.#units - length) % this.#starts.length] ?? 0;
  }

  /** Up to where nothing can become part of anything forbidden any more. */
  #safe(): number {
    const { pending, pendingStart } = this.#composer;
    const raw = this.#rawPatterns?.earliest ?? Infinity;
    if (pending === -1) {
      const term = this.#startOf(this.#guard.search.depth(this.#node));
      return Math.min(this.#at, raw, term, this.#patterns?.earliest ?? Infinity);
    }
    const outcomes = this.#composer.outcomes();
    if (outcomes.length === 0) return Math.min(raw, pendingStart, this.#safeBefore());
    return Math.min(this.#at, raw, ...outcomes.map((outcome) => this.#earliestWith(outcome, pendingStart)));
  }

  /** Without regard to what waits to be composed. */
  #safeBefore(): number {
    const term = this.#startOf(this.#guard.search.depth(this.#node));
    return Math.min(term, this.#patterns?.earliest ?? Infinity);
  }

  /** Where what may become forbidden would begin if what waits turns out to be this. */
  #earliestWith(unit: number, start: number): number {
    const { search, folder } = this.#guard;
    const [point = unit] = folder.lower(unit);
    const node = search.next(this.#node, point);
    const depth = Math.max(search.depth(search.open(node)), search.ending(node)?.length ?? 0);
    const term = depth < 2 ? (depth === 1 ? start : Infinity) : this.#startOf(depth - 1);
    return Math.min(term, this.#patterns?.earliestAfter(unit, unit, start) ?? Infinity);
  }

  /** A candidate that is longer than anything forbidden, by zero-width characters, counts as forbidden. */
  #releaseLong(): string {
    const out = this.#held.release(this.#safe());
    // Where the text has halted nothing goes out, whatever its length.
    const isLong = this.#held.halt === undefined && this.#at - this.#held.released > this.#longest;
    if (isLong) this.#held.found(this.#held.released, this.#at, -1);
    return out;
  }
}
