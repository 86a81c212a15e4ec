import { KatamariError, PersonaError } from '../../errors.ts';
import { outcomesOf } from '../../text/fold/composer.ts';
import { foldText } from '../../text/fold/fold-text.ts';
import { Folder, SEMI_VOICED, VOICED } from '../../text/fold/folder.ts';
import { TermSearch } from '../../text/term-search.ts';
import { forbidEntryFault, forbidEntryOf, type ForbidEntry } from '../forbid-entry.ts';
import { ASCII, LazyDfa } from './regex/lazy-dfa.ts';
import { namedPattern } from './regex/named-classes.ts';
import { Nfa } from './regex/nfa.ts';
import { parsePattern } from './regex/parse-pattern.ts';

/** How a guard matches. */
export interface GuardOptions {
  /** What stands in place of what is forbidden. */
  readonly mask: string;
  /** How long a candidate may be held, in UTF-16 units. */
  readonly holdLimit: number;
}

/** What a code unit may do at a place where nothing is under way. */
export const PASSES = 1;
export const MAY_BEGIN = 2;
const PASSES_UNSEEN = 3;

/** Entries of `forbid`, made ready once and shared by all texts that are guarded by them. */
export class Guard {
  readonly folder = new Folder();
  readonly search: TermSearch;
  /** Of regular expressions and classes; compared with the folded text. */
  readonly patterns = new LazyDfa(new Nfa());
  /** Compared with the text as it stands. */
  readonly rawPatterns = new LazyDfa(new Nfa());
  /** The longest term, in folded code points. */
  readonly longestTerm: number;
  readonly mask: string;
  readonly holdLimit: number;
  readonly #entries: readonly ForbidEntry[];
  readonly #table = new Uint8Array(0x10000);
  #forPatternsOnly: Uint8Array | undefined;

  /** @throws PersonaError when an entry can't be matched; KatamariError code `invalid-input` when a mask could bring a term about */
  constructor(entries: readonly string[], { mask, holdLimit }: GuardOptions) {
    this.mask = mask;
    this.holdLimit = holdLimit;
    this.#entries = entries.map(readEntry);
    const terms = this.#entries.map((entry, index) => this.#termOf(entry, index));
    this.search = new TermSearch(terms);
    this.longestTerm = terms.reduce((longest, term) => Math.max(longest, term.length), 0);
    this.#entries.forEach((entry, index) => {
      this.#addPattern(entry, index);
    });
    this.#checkMask();
  }

  /** What an entry forbids, as a person wrote it. */
  entry(index: number): ForbidEntry | undefined {
    return this.#entries[index];
  }

  /** Whether a UTF-16 unit may begin something forbidden: `PASSES`, `MAY_BEGIN` or `PASSES_UNSEEN`. */
  kindOf(code: number): number {
    const known = this.#table[code] ?? 0;
    return known === 0 ? (this.#table[code] = this.#classify(code)) : known;
  }

  /**
   * By character of ASCII: 1 where, with nothing under way, it begins no term and no pattern that is compared with the text as it stands, so
   * that only the other patterns are to be asked.
   */
  get forPatternsOnly(): Uint8Array {
    return (this.#forPatternsOnly ??= Uint8Array.from({ length: ASCII }, (_, code) => {
      const begins = this.folder.lower(code).some((point) => this.search.begins(point));
      return begins || this.rawPatterns.nfa.mayBegin(code, code) ? 0 : 1;
    }));
  }

  #classify(code: number): number {
    if (code >= 0xd800 && code <= 0xdfff) return MAY_BEGIN;
    if (this.rawPatterns.nfa.mayBegin(code, code)) return MAY_BEGIN;
    const units = this.folder.fold(code);
    if (units.length === 0 || units[0] === VOICED || units[0] === SEMI_VOICED) return PASSES_UNSEEN;
    return units.some((unit) => this.#mayBegin(unit, code)) ? MAY_BEGIN : PASSES;
  }

  #mayBegin(unit: number, raw: number): boolean {
    const outcomes = outcomesOf(unit);
    // A Hangul letter takes too many others to ask for each.
    if (outcomes.length === 0) return true;
    return outcomes.some(
      (outcome) =>
        this.folder.lower(outcome).some((point) => this.search.begins(point)) ||
        this.patterns.nfa.mayBegin(outcome, outcome === unit ? raw : outcome),
    );
  }

  #termOf(entry: ForbidEntry, index: number): string {
    if (entry.kind !== 'term') return '';
    const folded = foldText(entry.term.trim(), this.folder);
    if (folded !== '') return folded;
    throw new PersonaError(
      `forbid[${index}] holds nothing but marks and zero-width characters, which are ignored. Write a term.`,
      { field: `forbid[${index}]` },
    );
  }

  #addPattern(entry: ForbidEntry, index: number): void {
    if (entry.kind === 'term') return;
    const { source, flags, isRaw } =
      entry.kind === 'class' ? { isRaw: false, ...namedPattern(entry.class) } : { ...entry, isRaw: false };
    const pattern = parsePattern(source, { folder: this.folder, flags, isRaw });
    if (typeof pattern === 'string') {
      throw new PersonaError(`forbid[${index}] ${pattern}.`, { field: `forbid[${index}]` });
    }
    (isRaw ? this.rawPatterns : this.patterns).nfa.add(pattern, index);
  }

  /** A mask must be a wall: no term may come about with the text before or behind it. */
  #checkMask(): void {
    const points = Array.from(foldText(this.mask, this.folder), (char) => char.codePointAt(0) ?? 0);
    const used = this.search.points();
    const [first, last] = [points[0], points.at(-1)];
    if (first !== undefined && last !== undefined && !used.has(first) && !used.has(last)) return;
    const why = first === undefined ? 'is empty' : 'begins or ends with a character of a forbidden term';
    throw new KatamariError(
      'invalid-input',
      `The mask «${this.mask}» ${why}, so that it could bring one about. Choose another: forbid(terms, { mask: '…' }).`,
    );
  }
}

function readEntry(entry: string, index: number): ForbidEntry {
  const fault = forbidEntryFault(entry);
  if (fault === undefined) return forbidEntryOf(entry);
  throw new PersonaError(`forbid[${index}]: ${fault}`, { field: `forbid[${index}]` });
}
