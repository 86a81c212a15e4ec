import type { Speaker } from '../../provider.ts';
import { Guard, type GuardOptions } from './guard.ts';

/** How many are kept, and how long their entries may be together, in UTF-16 units. */
const MAX_GUARDS = 32;
const MAX_LENGTH = 200_000;

interface Kept {
  readonly entries: readonly string[];
  readonly length: number;
  readonly guard: Guard;
}

/** The guards of those who have spoken last, so that each persona is compiled once. The last one stays, however long it is. */
export class SpeakerGuards {
  readonly #options: GuardOptions;
  /** By the persona's hash, the least recently used first. */
  readonly #kept = new Map<string, Kept>();
  #length = 0;

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  /** How many guards are kept. */
  get size(): number {
    return this.#kept.size;
  }

  /**
   * The guard of what a persona forbids; `undefined` where it forbids nothing, and where nobody in particular speaks.
   *
   * @throws PersonaError when an entry can't be matched; KatamariError code `invalid-input` when the mask could bring a term about
   */
  of(speaker: Speaker | undefined): Guard | undefined {
    if (speaker === undefined || speaker.forbid.length === 0) return undefined;
    const { hash, forbid } = speaker;
    const kept = this.#kept.get(hash);
    if (kept !== undefined) this.#drop(hash, kept);
    // A hash is no proof: a persona that was made to share another's would else escape its own entries.
    const same = kept !== undefined && isSame(kept.entries, forbid) ? kept : this.#compile(forbid);
    this.#kept.set(hash, same);
    this.#length += same.length;
    this.#dropOldest();
    return same.guard;
  }

  #compile(entries: readonly string[]): Kept {
    const length = entries.reduce((sum, entry) => sum + entry.length, 0);
    return { entries: [...entries], length, guard: new Guard(entries, this.#options) };
  }

  #dropOldest(): void {
    for (const [hash, kept] of this.#kept) {
      if (this.#kept.size === 1 || (this.#kept.size <= MAX_GUARDS && this.#length <= MAX_LENGTH)) return;
      this.#drop(hash, kept);
    }
  }

  #drop(hash: string, { length }: Kept): void {
    this.#kept.delete(hash);
    this.#length -= length;
  }
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((entry, index) => entry === b[index]);
}
