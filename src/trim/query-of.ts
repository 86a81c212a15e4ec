import { textOf, type Message } from '../message.ts';

/** A query that refers back is completed with at most this much of what was said before, in UTF-16 units. */
const CONTEXT_LENGTH = 400;
/** How many questions back a reference is followed. */
const STEPS_BACK = 2;

/** Words that stand for something said before, in a question too short to say it itself. */
const REFERS_BACK =
  /\b(?:it|its|they|them|their|theirs|he|she|him|his|her|hers|those|these|the same|the (?:former|latter|other))\b|\b(?:that|this)(?= one\b|[?.!,]|$)|^(?:and|but|so|what about|how about|what else|go on|continue|more)\b|それ|(?<!ど)これ|あれ|その(?!後)|(?<!ど)[こあ]の|そこ|そちら|(?<!ど)こちら|彼|同じ|さっき|先ほど|もっと|ほかに|他には|続き|^(?:では|じゃあ|あと)/iu;

/** Characters that write a word or a good part of one each. */
const dense = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/**
 * What the kept messages shall help to answer: the last user message. When that is very short, or short and refers back ("And when does it
 * arrive?", 「それはいつ？」), the user messages before it are added, up to two of them.
 *
 * @param asked - what the last user message is about, where it says more than that: a critique's task quotes the question and the draft
 */
export function queryOf(messages: readonly Message[], asked?: string): string {
  let query = '';
  let steps = 0;
  for (let index = messages.length - 1; index >= 0 && steps <= STEPS_BACK; index -= 1) {
    const message = messages[index];
    if (message?.role !== 'user') continue;
    const text = (steps === 0 && asked !== undefined ? asked : textOf(message)).trim();
    query = steps === 0 ? text : `${query}\n${text.slice(0, CONTEXT_LENGTH)}`;
    if (!refersBack(text)) break;
    steps += 1;
  }
  return query;
}

/** Whether a text means little without what was said before it. */
function refersBack(text: string): boolean {
  if (text.length > 160) return false;
  // A Japanese word is about two characters long.
  const words = text.split(/\s+/).length + (text.match(dense)?.length ?? 0) / 2;
  return words <= 3 || (words <= 8 && REFERS_BACK.test(text));
}
