import type { CritiqueIssue } from '../event.ts';

/** What a critic said of a draft. */
export interface Critique {
  readonly verdict: 'approve' | 'revise';
  /** 0 to 1, `null` where it gave none. */
  readonly score: number | null;
  readonly issues: readonly CritiqueIssue[];
  /** Whether this was the form that was asked for, or an approval in plain words: false is worth asking again. */
  readonly isReadable: boolean;
}

/** Prose that is taken for an issue may be an answer, or a book. */
const MAX_PROSE_CHARS = 4000;
/** How many places are looked at that may be the beginning of the object. */
const MAX_STARTS = 50;

const APPROVES = /^[\s"'「*_]*(?:approved?|ok|pass(?:ed)?|accept(?:ed)?|承認|合格|問題なし)/i;
/** Words that turn an approval in the same sentence into its opposite. */
const DENIES = /\b(?:not|cannot|can't|if|once|after)\b|ない|ません|不可|見送|却下|保留/i;
/** Words after which an approval is not one. */
const RESERVES = /\b(?:but|however|except|unless)\b|ただし|しかし/i;

/**
 * Reads what a critic wrote: a JSON object, alone, in a code fence or among prose; an object that was cut off or has a slip in it, by
 * what is whole in it; and plain prose that approves in its first words. Anything else is a wish to revise, with the prose as its one issue:
 * reading a critique wrongly may cost a call, never the answer. Never throws.
 *
 * @param draft - what is judged: an object that stands in it is a quotation, and no verdict
 */
export function readCritique(text: string, draft = ''): Critique {
  // What a thinking model thought before it spoke is not its verdict.
  const said = text.replace(/^\s*<think>[\s\S]*?<\/think>/, '').trim();
  const found = objectOf(said, draft);
  const critique = found === undefined ? undefined : (toCritique(parse(found)) ?? readPieces(found));
  return critique ?? readProse(said);
}

/**
 * A critique out of a value of its form: `verdict`, and `score` and `issues` where there are any. `undefined` where there is neither a verdict nor
 * an issue.
 */
export function toCritique(value: unknown): Critique | undefined {
  if (!isRecord(value)) return undefined;
  const { verdict: said, score, issues: found } = value;
  const issues = (Array.isArray(found) ? found : []).flatMap(toIssue);
  if (typeof said !== 'string' || said === '') {
    return issues.length > 0
      ? { verdict: 'revise', score: scoreOf(score, false), issues, isReadable: true }
      : undefined;
  }
  const approved = approves(said, said);
  return {
    verdict: approved ? 'approve' : 'revise',
    score: scoreOf(score, approved),
    issues,
    isReadable: true,
  };
}

/**
 * 0 to 1, whatever the scale: 0 to 10 is asked for, a fraction and a share of a hundred are understood. A 1 is ten of ten where the draft is
 * approved, and one of ten where it is not.
 */
function scoreOf(value: unknown, approved: boolean): number | null {
  const [, number, whole] = /^\s*(-?\d+(?:\.\d+)?)\s*(?:[/／]\s*(\d+)|点|%)?\s*$/.exec(String(value)) ?? [];
  const score = Number(number ?? Number.NaN);
  if (!(score >= 0)) return null;
  if (whole !== undefined) return Number(whole) === 0 ? null : Math.min(1, score / Number(whole));
  if (score > 10) return Math.min(1, score / 100);
  const isFraction = score < 1 || (score === 1 && approved);
  return isFraction ? score : score / 10;
}

/**
 * Only an object at the start of a line counts: one in the middle of a sentence is likely to be a quotation from the draft. Of several the
 * first one that asks to revise, if any does. One that was cut off goes to the end of the text.
 */
function objectOf(text: string, draft: string): string | undefined {
  const lineStarts = [...text.matchAll(/^[ \t`]{0,20}(?:json|verdict:)?[ \t]{0,20}(\{)\s*["']/gim)];
  const objects: string[] = [];
  for (const match of lineStarts.slice(0, MAX_STARTS)) {
    const start = match.index + match[0].indexOf('{');
    const end = endOfObject(text, start);
    const object = text.slice(start, end === -1 ? text.length : end);
    if (/["'](?:verdict|issues)["']\s*:/i.test(object) && !standsIn(draft, object)) objects.push(object);
  }
  return objects.find((object) => /["']verdict["']\s*:\s*["']revise/i.test(object)) ?? objects[0];
}

/** Whether an object is a quotation from the draft, but for white space: a draft may hold a verdict of its own. */
export function standsIn(draft: string, object: string): boolean {
  return draft.includes('{') && squeezed(draft).includes(squeezed(object));
}

function squeezed(text: string): string {
  return text.replaceAll(/\s+/g, '');
}

/** The verdict and each issue that is whole, from an object that is not. */
function readPieces(text: string): Critique | undefined {
  const verdict = /["']verdict["']\s*:\s*["']([^"']*)/i.exec(text)?.[1];
  const score = /["']score["']\s*:\s*["']?([\d./]+)/i.exec(text)?.[1];
  const issues: unknown[] = [];
  for (let at = text.indexOf('{', 1); at !== -1; at = text.indexOf('{', at)) {
    const end = endOfObject(text, at);
    if (end === -1) break;
    issues.push(parse(text.slice(at, end)));
    at = end;
  }
  const cut = problemThatWasCut(text);
  if (cut !== '') issues.push({ problem: `${cut} …` });
  return toCritique({ verdict, score, issues });
}

/** The beginning of a last problem whose text has no end; empty where there is none. */
function problemThatWasCut(text: string): string {
  const key = text.lastIndexOf('"problem"');
  const start = key === -1 ? 0 : text.indexOf('"', key + 9) + 1;
  if (start === 0) return '';
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return '';
  }
  return text.slice(start).replace(/\\$/, '');
}

function toIssue(value: unknown): CritiqueIssue[] {
  if (typeof value === 'string' && value !== '') return [{ severity: 'major', problem: value }];
  if (!isRecord(value)) return [];
  const { severity, quote, problem } = value;
  if (typeof problem !== 'string' || problem === '') return [];
  const minor = typeof severity === 'string' && /minor|low|info|nit|軽/i.test(severity);
  const quoted = typeof quote === 'string' && quote !== '' ? { quote } : {};
  return [{ severity: minor ? 'minor' : 'major', ...quoted, problem }];
}

function readProse(text: string): Critique {
  const [first = ''] = text.replace(/^[^\p{L}]*(?:verdict|判定|結論)[^\p{L}]*/iu, '').split(/[\n。.!]/, 1);
  if (first.length < 80 && approves(first, text)) {
    return { verdict: 'approve', score: null, issues: [], isReadable: true };
  }
  const problem = text.length > MAX_PROSE_CHARS ? `${text.slice(0, MAX_PROSE_CHARS)} …` : text;
  return {
    verdict: 'revise',
    score: null,
    issues: text === '' ? [] : [{ severity: 'major', problem }],
    isReadable: false,
  };
}

function approves(first: string, text: string): boolean {
  return APPROVES.test(first) && !DENIES.test(first) && !RESERVES.test(text);
}

/** Where the object that begins at `start` ends, braces in strings not counted; -1 where it does not. */
function endOfObject(text: string, start: number): number {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (inString) {
      if (char === '\\') at += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{') depth += 1;
    else if (char === '}' && --depth === 0) return at + 1;
  }
  return -1;
}

/** JSON, also with a comma too many. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    try {
      return JSON.parse(text.replaceAll(/,\s*([}\]])/g, '$1'));
    } catch {
      return undefined;
    }
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
