import type { Prethought } from '../event.ts';
import { sentencesOf } from '../text/sentences.ts';
import { speaksOf } from './cues.ts';
import { headingOf } from './heading.ts';
import { KINDS, ThoughtDraft, type Kind } from './kinds.ts';

/** So far into a text we look, in UTF-16 units: what is wanted is said at its beginning or at its end. */
const SAMPLE_CHARS = 20_000;
/** A longer sentence is pasted material. */
const MAX_SENTENCE = 1000;

const LIST_ITEM = /^\s*(?:[-*・•]\s*|\d{1,2}[.)．、]\s*|[①-⑳]\s*)(\S.*)$/;

/**
 * Reads a request by its headings («## Constraints», 「【視点】」, «Goal: …»), and what stands outside of them by cue words, in English and
 * Japanese; fenced blocks are material and not read. A sentence may speak of several things. Where nothing says what it is for, the first thing
 * that is asked for is the purpose. The same text always gives the same.
 */
export function readByRules(text: string): Prethought {
  const draft = new ThoughtDraft();
  const rest = readSections(sampleOf(text), draft);
  const sentences = sentencesOf(rest).filter((sentence) => sentence.length <= MAX_SENTENCE);
  for (const sentence of sentences) {
    for (const kind of KINDS) if (speaksOf(kind, sentence)) draft.add(kind, sentence);
  }
  if (!draft.has('purpose')) {
    const asked = sentences.find((sentence) => speaksOf('expectations', sentence));
    draft.add('purpose', asked ?? draft.thought.expectations[0] ?? sentences[0] ?? '');
  }
  return draft.thought;
}

function sampleOf(text: string): string {
  if (text.length <= SAMPLE_CHARS) return text;
  return `${text.slice(0, SAMPLE_CHARS / 2)}\n\n${text.slice(-SAMPLE_CHARS / 2)}`;
}

/** Takes the sections out of a text, and gives what is left. */
function readSections(text: string, draft: ThoughtDraft): string {
  const rest: string[] = [];
  let section: { readonly kind: Kind; readonly isBlock: boolean } | undefined;
  for (const line of withoutFences(text)) {
    const heading = headingOf(line);
    if (heading !== undefined) {
      section = heading.kind && { kind: heading.kind, isBlock: heading.isBlock };
      if (heading.kind === undefined) rest.push('', heading.rest);
      else addLine(draft, heading.kind, heading.rest);
      // What stands on the heading's own line is all of it, but for a list under it.
      continue;
    }
    if (line.trim() === '' && section?.isBlock === false) section = undefined;
    if (section === undefined) rest.push(line.replace(LIST_ITEM, '$1'));
    else addLine(draft, section.kind, line);
  }
  return rest.join('\n');
}

function addLine(draft: ThoughtDraft, kind: Kind, line: string): void {
  const item = LIST_ITEM.exec(line)?.[1];
  for (const entry of item === undefined ? sentencesOf(line) : [item]) draft.add(kind, entry);
}

/** Lines outside of code and quotations. */
function withoutFences(text: string): string[] {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const mark = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined && mark !== undefined) fence = mark;
    else if (fence === undefined) lines.push(line);
    else if (mark?.startsWith(fence) === true && line.trim() === mark) fence = undefined;
  }
  return lines;
}
