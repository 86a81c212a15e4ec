import type { Message, SystemMessage } from '../message.ts';
import type { KeptWhy } from './protect.ts';

/** A place where messages are left out. */
interface Gap {
  /** Place of the first message after it. */
  readonly at: number;
  readonly count: number;
}

const KANA = /[\u3041-\u30ff]/;

/** What says that messages are left out, in the language of the query. */
export function gapNote(count: number, query: string): SystemMessage {
  const content = KANA.test(query)
    ? `［ここで${count}件の発言を省略しています］`
    : `[${count} ${count === 1 ? 'message is' : 'messages are'} left out here]`;
  return { role: 'system', content };
}

/** Where messages are left out, the largest gaps first. */
function gapsOf(why: KeptWhy): Gap[] {
  const gaps: Gap[] = [];
  let count = 0;
  for (let at = 0; at <= why.length; at += 1) {
    if (at < why.length && why[at] === undefined) count += 1;
    else {
      // Behind the last message there is nobody to tell.
      if (count > 0 && at < why.length) gaps.push({ at, count });
      count = 0;
    }
  }
  return gaps.toSorted((one, other) => other.count - one.count || other.at - one.at);
}

/** Notes where messages are left out, by the place before which they stand, as many as there is room for; and what they cost. */
export function gapNotes(
  why: KeptWhy,
  { room, query, costOf }: { room: number; query: string; costOf: (note: Message) => number },
): { notes: Map<number, Message>; tokens: number } {
  const notes = new Map<number, Message>();
  let tokens = 0;
  if (room <= 0) return { notes, tokens };
  for (const { at, count } of gapsOf(why)) {
    if (tokens >= room) break;
    const note = gapNote(count, query);
    const cost = costOf(note);
    if (tokens + cost > room) break;
    tokens += cost;
    notes.set(at, note);
  }
  return { notes, tokens };
}
