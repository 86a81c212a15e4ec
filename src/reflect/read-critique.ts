import type { CritiqueIssue } from '../event.ts';

/** What a critic said of a draft. */
export interface Critique {
  readonly verdict: 'approve' | 'revise';
  readonly issues: readonly CritiqueIssue[];
}

const APPROVES = /^[\s"'「*_]*(?:approved?|ok|pass(?:ed)?|accept(?:ed)?|承認|合格|問題なし)/i;
/** Words that turn an approval in the same sentence into its opposite. */
const DENIES = /\b(?:not|cannot|can't|if|once|after)\b|ない|ません|不可|見送|却下|保留/i;
/** Words after which an approval is not one. */
const RESERVES = /\b(?:but|however|except|unless)\b|ただし|しかし/i;

/**
 * Reads what a critic wrote: a JSON object, alone, in a code fence or among prose; an object that was cut off or has a slip in it, by
 * what is whole in it; and plain prose that approves in its first words. Anything else is a wish to revise, with the prose as its one issue:
 * reading a critique wrongly may cost a call, never the answer. Never throws.
 */
export function readCritique(text: string): Critique {
  // What a thinking model thought before it spoke is not its verdict.
  const said = text.replace(/^\s*<think>[\s\S]*?<\/think>/, '').trim();
  const start = startOfObject(said);
  const critique = start === -1 ? undefined : (readWhole(said.slice(start)) ?? readPieces(said.slice(start)));
  return critique ?? readProse(said);
}

/**
 * Only an object at the start of a line counts: one in the middle of a sentence is likely to be a quotation from the draft. Of several the
 * first one asks to revise if any does.
 */
function startOfObject(text: string): number {
  const starts = [
    ...text.matchAll(/^[ \t`]{0,20}(?:json|verdict:)?[ \t]{0,20}(\{)\s*["'](?:verdict|issues)["']/gim),
  ];
  const revising = starts.find((match) =>
    /^[^{]*\{\s*["']verdict["']\s*:\s*["']revise/i.test(text.slice(match.index, match.index + 80)),
  );
  const match = revising ?? starts[0];
  return match === undefined ? -1 : match.index + match[0].indexOf('{');
}

function readWhole(text: string): Critique | undefined {
  const end = endOfObject(text, 0);
  if (end === -1) return undefined;
  const value = parse(text.slice(0, end));
  return isRecord(value) ? toCritique(value['verdict'], value['issues']) : undefined;
}

/** The verdict and each issue that is whole, from an object that is not. */
function readPieces(text: string): Critique | undefined {
  const verdict = /["']verdict["']\s*:\s*["']([^"']*)/i.exec(text)?.[1];
  const issues: unknown[] = [];
  for (let at = text.indexOf('{', 1); at !== -1; at = text.indexOf('{', at)) {
    const end = endOfObject(text, at);
    if (end === -1) break;
    issues.push(parse(text.slice(at, end)));
    at = end;
  }
  const cut = problemThatWasCut(text);
  if (cut !== '') issues.push({ problem: `${cut} …` });
  return toCritique(verdict, issues);
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

function toCritique(verdict: unknown, found: unknown): Critique | undefined {
  const issues = (Array.isArray(found) ? found : []).flatMap(toIssue);
  if (typeof verdict === 'string' && verdict !== '') {
    return { verdict: approves(verdict, verdict) ? 'approve' : 'revise', issues };
  }
  return issues.length > 0 ? { verdict: 'revise', issues } : undefined;
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
  if (first.length < 80 && approves(first, text)) return { verdict: 'approve', issues: [] };
  return { verdict: 'revise', issues: text === '' ? [] : [{ severity: 'major', problem: text }] };
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
