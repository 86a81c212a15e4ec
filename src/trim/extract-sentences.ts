import { textOf, type Message } from '../message.ts';
import { bm25 } from '../text/bm25.ts';
import { sentencesOf } from '../text/sentences.ts';
import { TermIndex } from '../text/term-index.ts';
import type { Basket } from './basket.ts';
import type { MessagePart, TrimTask } from './trim-task.ts';

/** The share of the budget that whole messages get; the rest is for sentences of those that are left out. */
export const WHOLE_SHARE = 0.7;
/** A shorter message is worth keeping whole or not at all, in UTF-16 units. */
const LONG = 240;
/** So many sentences are tried, the best first. */
const MAX_TRIALS = 400;
/** Between sentences that did not follow each other. */
const GAP = ' … ';

interface Sentence {
  readonly index: number;
  readonly place: number;
  readonly text: string;
}

/**
 * Fills the rest of a basket with the sentences that say most about the query, out of long messages that are left out: those messages come
 * back shortened. Messages about tools, pictures and files are never shortened.
 */
export function extractSentences(task: TrimTask, basket: Basket): Map<number, MessagePart> {
  const sentences = sentencesLeftOut(task, basket);
  const index = new TermIndex();
  for (const { text } of sentences) index.append(text);
  const scores = bm25(index, task.query);
  const ranked = Array.from(sentences.keys())
    .filter((at) => (scores[at] ?? 0) > 0)
    .toSorted((one, other) => (scores[other] ?? 0) - (scores[one] ?? 0) || other - one);
  const parts = new Map<number, MessagePart & { places: Map<number, string>; tokens: number }>();
  for (const at of ranked.slice(0, MAX_TRIALS)) {
    const sentence = sentences[at];
    const whole = task.messages[sentence?.index ?? -1];
    if (sentence === undefined || whole === undefined) continue;
    const before = parts.get(sentence.index);
    const places = new Map(before?.places).set(sentence.place, sentence.text);
    const message = withSentences(whole, places);
    const tokens = task.means.costs.message(message);
    if (basket.addPart(sentence.index, tokens, before?.tokens))
      parts.set(sentence.index, { places, message, tokens, why: 'extract' });
  }
  return parts;
}

function sentencesLeftOut({ messages, units }: TrimTask, { why }: Basket): Sentence[] {
  return messages.flatMap((message, index) => {
    const isPlain = typeof message.content === 'string' && units.unitOf[index]?.kind === 'message';
    if (why[index] !== undefined || !isPlain || message.content.length < LONG) return [];
    return sentencesOf(textOf(message)).map((text, place) => ({ index, place, text }));
  });
}

function withSentences(message: Message, places: ReadonlyMap<number, string>): Message {
  const ordered = [...places].toSorted((one, other) => one[0] - other[0]);
  let [content, last] = ['', -1];
  for (const [place, text] of ordered) {
    content += (place === last + 1 ? ' ' : GAP) + text;
    last = place;
  }
  return { ...message, content: content.trim() };
}
