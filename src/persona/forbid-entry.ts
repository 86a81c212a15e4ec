import { PersonaError } from '../errors.ts';

/** Kinds of text that can be forbidden by name. */
export type ForbidClass = 'emoji' | 'url' | 'email' | 'phone';

/** What one entry of `forbid` forbids. */
export type ForbidEntry =
  | { readonly kind: 'term'; readonly term: string }
  /** `source` and `flags` as `RegExp` takes them; of the flags only `i`, `m` and `s`: `u` is always meant. */
  | { readonly kind: 'regex'; readonly source: string; readonly flags: string }
  | { readonly kind: 'class'; readonly class: ForbidClass };

/** Characters that a regular expression may ask for, with `{n}` written out and `*` and `+` counted once. */
const MAX_REGEX_SIZE = 1000;

const TOO_LARGE = `This regular expression is too large: with its repetitions written out it may have ${MAX_REGEX_SIZE} characters.`;

/** Escapes, character classes, groups, repetitions with their bounds, all else one by one. */
const TOKENS = /\\p\{[^}]*\}|\\.|\[(?:\\.|[^\]\\])*\]|\(\?:|[*+?]\??|\{(\d+)(?:,(\d*))?\}\??|[^]/giu;

const CLASSES = /^(?:emoji|url|email|phone)$/;

/**
 * Reads an entry of `forbid`: `class:NAME`, `/REGEX/FLAGS`, and everything else is a term as it stands. What would be read as one of the
 * first two and is meant as a term has `term:` in front.
 *
 * @throws PersonaError for a class that is not known, and a regular expression that can't be matched in one pass
 */
export function forbidEntryOf(entry: string): ForbidEntry {
  const read = readEntry(entry);
  if (typeof read === 'string') throw new PersonaError(read, { field: 'forbid' });
  return read;
}

/** What is wrong with an entry of `forbid`, or `undefined`. Takes time in proportion to its length, whatever the regular expression. */
export function forbidEntryFault(entry: string): string | undefined {
  const read = readEntry(entry);
  return typeof read === 'string' ? read : undefined;
}

/** The entry, or what is wrong with it. */
function readEntry(entry: string): ForbidEntry | string {
  const text = entry.trim();
  const className = /^class:\s*(\S*)$/.exec(text)?.[1];
  if (className !== undefined) {
    if (CLASSES.test(className)) return { kind: 'class', class: className as ForbidClass };
    return 'Unknown class. There are class:emoji, class:url, class:email and class:phone; a term has «term:» in front.';
  }
  // Only what ends in letters that are flags somewhere: «/etc/passwd» is a term.
  const [, source, flags = ''] = /^\/(.+)\/([dgimsuvy]*)$/.exec(text) ?? [];
  if (source === undefined) return { kind: 'term', term: entry.replace(/^\s*term:(?=\/|class:|term:)/, '') };
  return regexFault(source, flags) ?? { kind: 'regex', source, flags: flags.replace('u', '') };
}

function regexFault(source: string, flags: string): string | undefined {
  const asTerm = ' A term that begins with a slash has «term:» in front.';
  if (/[dgvy]/.test(flags)) return `A regular expression here has no flags but i, m, s and u.${asTerm}`;
  if (source.length > MAX_REGEX_SIZE) return TOO_LARGE;
  // None of the three can be matched in one pass over the text.
  if (/^(?:\\[^1-9k]|[^\\(]|\((?!\?[^:]))*/.exec(source)?.[0] !== source) {
    return `A regular expression here can't look around, refer back or name its groups.${asTerm}`;
  }
  try {
    void new RegExp(source, flags.includes('u') ? flags : `${flags}u`);
  } catch {
    return `This is no regular expression (with the flag u, as JavaScript has it).${asTerm}`;
  }
  const { size, isNullable } = measure(source);
  if (size > MAX_REGEX_SIZE) return TOO_LARGE;
  if (!isNullable) return undefined;
  return 'This regular expression matches the empty text, and so everywhere. Write + in place of *, for example.';
}

/** What a match asks for: an upper bound of its characters, and whether it may ask for none. Never run, since some would run for ever. */
function measure(source: string): { size: number; isNullable: boolean } {
  const outer: (readonly [size: number, empty: boolean, some: boolean])[] = [];
  let size = 0;
  // Of the last atom: its size, and whether all before it in its alternative may be empty.
  let last = 0;
  let before = true;
  /** Whether the alternative so far may be empty, and whether an alternative before it may. */
  let empty = true;
  let some = false;
  for (const [token, least, most] of source.matchAll(TOKENS)) {
    const times = /^[*?]/.test(token) ? 0 : Number(least ?? 1);
    if (times === 0) empty = before;
    if (least !== undefined) {
      const copies = Math.max(times, Number(most ?? 0), 1);
      size += last * (copies - 1);
      last *= copies;
    } else if (token.startsWith('(')) {
      outer.push([size, empty, some]);
      [size, empty, some] = [0, true, false];
    } else if (token === ')') {
      const isNullable: boolean = empty || some;
      last = size;
      const [outerSize, outerEmpty, outerSome] = outer.pop() ?? [0, true, false];
      [size, before, some] = [size + outerSize, outerEmpty, outerSome];
      empty = before && isNullable;
    } else if (token === '|') {
      [some, empty] = [some || empty, true];
    } else if (!/^[*+?]/.test(token)) {
      [last, before] = [1, empty];
      size += 1;
      empty &&= /^(?:[$^]|\\b)$/i.test(token);
    }
  }
  return { size, isNullable: empty || some };
}
