import type { Message } from '../../src/message.ts';
import type { Placed } from './peer.ts';

/** A source of random numbers that gives the same ones for the same seed. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 up to, and without, 1: the generator "mulberry32". */
  share(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 to `below` − 1. */
  below(below: number): number {
    return Math.floor(this.share() * below);
  }
}

const SENTENCES = [
  'The parcel 4711 left Osaka on 2024-05-02 and has not arrived.',
  'ok',
  'Could you look up when the invoice for the garden chairs is due, please?',
  '予約番号はAB-1234です。明日の会議は15時からに変更しないでください。',
  'それはいつ届きますか？',
  'The build fails with "ENOENT: no such file" in src/app.ts, line 42, since Tuesday.',
  '{"status":"delayed","eta":"2024-05-09","items":[{"sku":"ZX-1","count":3}]}',
  '京都の宿は二条旅館で、二泊で四万円でした。',
  'My sister brought her puppy on Sunday 🐶 and we cooked pasta.',
];

/**
 * A conversation that any provider would take as it is: perhaps a system message, then turns that begin with the user, tool calls with all
 * their results right after them, every id once; it ends with the user, or with results of tools in the middle of a turn.
 */
export function randomHistory(dice: Dice): Placed[] {
  const messages: Message[] = dice.below(3) > 0 ? [{ role: 'system', content: text(dice, 2) }] : [];
  const turns = 2 + dice.below(14);
  for (let turn = 0; turn < turns; turn += 1) {
    const isLast = turn === turns - 1;
    messages.push({ role: 'user', content: text(dice, isLast ? 2 : 12) });
    const rounds = dice.below(3) === 0 ? 1 + dice.below(2) : 0;
    for (let round = 0; round < rounds; round += 1)
      messages.push(...toolRound(dice, `${turn}-${round}`, isLast ? 3 : 12));
    if (!isLast) messages.push({ role: 'assistant', content: text(dice, 20) });
  }
  return messages.map((message, place) => ({ place, message }));
}

function toolRound(dice: Dice, name: string, most: number): Message[] {
  const ids = Array.from({ length: 1 + dice.below(3) }, (_, n) => `call-${name}-${n}`);
  const toolCalls = ids.map((id) => ({ id, name: 'look', arguments: `{"place":${dice.below(1000)}}` }));
  const results = ids.map((toolCallId): Message => ({ role: 'tool', toolCallId, content: text(dice, most) }));
  return [{ role: 'assistant', content: dice.below(2) === 0 ? '' : text(dice, 1), toolCalls }, ...results];
}

function text(dice: Dice, most: number): string {
  const count = 1 + dice.below(most);
  return Array.from({ length: count }, () => SENTENCES[dice.below(SENTENCES.length)]).join(' ');
}
