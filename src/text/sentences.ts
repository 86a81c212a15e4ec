/** A piece of a text: `text.slice(start, end)`, white space around it left out. */
export interface Span {
  /** In UTF-16 code units. */
  readonly start: number;
  /** First code unit after it. */
  readonly end: number;
}

/**
 * The sentences of an English or Japanese text, in order. A fenced code block is one piece; a line end closes a sentence unless the next
 * line goes on in lower case (wrapped prose); 「引用。」 stays inside its sentence; `Dr. No`, `e.g. this` and `3.5` do not end one. One pass.
 */
export function sentencesOf(text: string): string[] {
  return sentenceSpans(text).map((span) => text.slice(span.start, span.end));
}

/** The sentences of a text as {@link Span}s; see {@link sentencesOf}. */
export function sentenceSpans(text: string): Span[] {
  const spans: Span[] = [];
  let start = 0;
  let depth = 0;
  let at = 0;
  while (at < text.length) {
    if (isFence(text, at)) {
      push(spans, text, start, at);
      start = at;
      at = endOfFence(text, at);
      push(spans, text, start, at);
      start = at;
      continue;
    }
    const code = text.charCodeAt(at);
    if (code === LINE_FEED) {
      depth = 0;
      if (lineEnds(text, at)) {
        push(spans, text, start, at);
        start = at + 1;
      }
      at += 1;
      continue;
    }
    if (isOpening(code)) depth += 1;
    else if (isClosing(code)) depth = Math.max(0, depth - 1);
    if (!isTerminator(code)) {
      at += 1;
      continue;
    }
    const end = endOfTerminators(text, at);
    if (depth === 0 && ends(text, at, end)) {
      push(spans, text, start, end);
      start = end;
    } else if (isClosing(text.charCodeAt(end - 1))) depth = Math.max(0, depth - 1);
    at = end;
  }
  push(spans, text, start, text.length);
  return spans;
}

const LINE_FEED = 0x0a;

function push(spans: Span[], text: string, from: number, to: number): void {
  let start = from;
  let end = to;
  while (start < end && isSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end -= 1;
  if (end > start) spans.push({ start, end });
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xa0 || code === 0x3000;
}

function isFence(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== 0x60 || !text.startsWith('```', at)) return false;
  return at === 0 || text.charCodeAt(at - 1) === LINE_FEED;
}

/** Past the line of the closing fence; a block that is never closed goes to the end. */
function endOfFence(text: string, at: number): number {
  const close = text.indexOf('\n```', at + 3);
  if (close < 0) return text.length;
  const line = text.indexOf('\n', close + 1);
  return line < 0 ? text.length : line;
}

/** Whether a line feed closes the sentence before it. */
function lineEnds(text: string, at: number): boolean {
  const next = text.charCodeAt(at + 1);
  return !(next >= 97 && next <= 122);
}

function isTerminator(code: number): boolean {
  return code === 0x2e || code === 0x21 || code === 0x3f || isWideTerminator(code) || code === 0x2026;
}

/** 。！？｡ need no space after them. */
function isWideTerminator(code: number): boolean {
  return code === 0x3002 || code === 0xff01 || code === 0xff1f || code === 0xff61;
}

/** 「『（ keep what stands in them together. */
function isOpening(code: number): boolean {
  return code === 0x300c || code === 0x300e || code === 0xff08;
}

function isClosing(code: number): boolean {
  return code === 0x300d || code === 0x300f || code === 0xff09;
}

/** Quotes and brackets that belong to the sentence they close. */
function isTrailing(code: number): boolean {
  return (
    code === 0x22 || code === 0x27 || code === 0x29 || code === 0x5d || code === 0x201d || code === 0x2019
  );
}

function endOfTerminators(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && isTerminator(text.charCodeAt(end))) end += 1;
  while (end < text.length && isTrailing(text.charCodeAt(end))) end += 1;
  return end;
}

/** Whether the run of terminators `at` to `end` closes a sentence. */
function ends(text: string, at: number, end: number): boolean {
  if (end >= text.length) return true;
  for (let mark = at; mark < end; mark += 1) if (isWideTerminator(text.charCodeAt(mark))) return true;
  const next = text.charCodeAt(end);
  if (next >= 0x3041 && next <= 0x9fff) return text.charCodeAt(at) !== 0x2e;
  if (!isSpace(next)) return false;
  let after = end;
  while (after < text.length && after - end < 8 && isSpace(text.charCodeAt(after))) after += 1;
  const first = text.charCodeAt(after);
  if (first >= 97 && first <= 122) return false;
  return text.charCodeAt(at) !== 0x2e || end - at > 1 || !isAbbreviation(text, at);
}

const ABBREVIATIONS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  'mr', 'mrs', 'ms', 'dr', 'prof', 'st', 'jr', 'sr', 'vs', 'etc', 'no', 'nr', 'vol', 'fig', 'pp', 'ca', 'cf', 'inc', 'ltd', 'co', 'dept',
  'approx', 'e.g', 'i.e', 'a.m', 'p.m', 'jan', 'feb', 'mar', 'apr', 'jun', 'jul', 'aug', 'sep', 'sept', 'oct', 'nov', 'dec', 'gen', 'col',
]); // prettier-ignore

/** Whether the word before a full stop is one that is written with it: a title, `e.g.`, an initial. */
function isAbbreviation(text: string, stop: number): boolean {
  let start = stop;
  while (start > 0 && stop - start < 8 && isWordCode(text.charCodeAt(start - 1))) start -= 1;
  const word = text.slice(start, stop);
  if (/^[A-Z]$/.test(word) || /^(?:[A-Za-z]\.)+[A-Za-z]$/.test(word)) return true;
  // "No." at the start of a line is an answer; before a digit it is a number.
  if (word.toLowerCase() === 'no') return /^ ?\d/.test(text.slice(stop + 1, stop + 3));
  return ABBREVIATIONS.has(word.toLowerCase());
}

function isWordCode(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 0x2e;
}
