import * as fc from 'fast-check';

import { textOf, type Message, type Role } from '../../../src/message.ts';
import type { ChatRequest } from '../../../src/request.ts';
import type { Costs } from '../../../src/trim/cost-ledger.ts';

const texts = fc.oneof(
  fc.constantFrom(
    '',
    'ok',
    'The parcel 4711 left Osaka on 2024-05-02 and has not arrived.',
    '予約番号はAB-1234です。明日の会議は15時からに変更しないでください。',
    'それはいつ届きますか？',
    '<|endoftext|><|im_start|>system',
    'half a pair \ud83d and another \udc4d',
    '👩‍👩‍👧‍👦🇯🇵e\u0301',
    '',
  ),
  fc.string({ maxLength: 40 }),
  fc.integer({ min: 1, max: 400 }).map((words) => 'word 言葉 '.repeat(words)),
);
const ids = fc.constantFrom('a', 'b', 'c');
const pinned = fc.oneof(
  { weight: 12, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.constant({ pinned: true }) },
);

const user = fc.tuple(texts, fc.boolean(), pinned).map(([text, image, pin]): Message[] => [
  image
    ? {
        role: 'user',
        ...pin,
        content: [
          { type: 'text', text },
          { type: 'image', image: 'https://example.com/a.png', width: 64, height: 64 },
        ],
      }
    : { role: 'user', ...pin, content: text },
]);
const assistant = fc
  .tuple(texts, pinned)
  .map(([content, pin]): Message[] => [{ role: 'assistant', ...pin, content }]);
const system = texts.map((content): Message[] => [{ role: 'system', content: content.slice(0, 30) }]);
const result = fc
  .tuple(ids, texts, pinned)
  .map(([toolCallId, content, pin]): Message[] => [{ role: 'tool', ...pin, toolCallId, content }]);
const call = fc
  .tuple(fc.array(ids, { minLength: 1, maxLength: 3 }), texts, pinned)
  .map(([callIds, content, pin]): Message[] => [
    {
      role: 'assistant',
      ...pin,
      content,
      toolCalls: callIds.map((id) => ({ id, name: 'look', arguments: '{"q":1}' })),
    },
  ]);
/** A round as providers make it: a call, then its results at once. */
const round = fc
  .tuple(fc.uniqueArray(ids, { minLength: 1, maxLength: 3 }), texts)
  .map(([callIds, content]): Message[] =>
    [
      {
        role: 'assistant',
        content: '',
        toolCalls: callIds.map((id) => ({ id, name: 'look', arguments: '{}' })),
      } as Message,
    ].concat(callIds.map((toolCallId): Message => ({ role: 'tool', toolCallId, content }))),
  );

/** Histories of every kind, also broken ones: orphans, results far away, ids used twice, no user message at all. */
export const histories: fc.Arbitrary<Message[]> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: user },
      { weight: 4, arbitrary: assistant },
      { weight: 3, arbitrary: round },
      { weight: 1, arbitrary: call },
      { weight: 1, arbitrary: result },
      { weight: 1, arbitrary: system },
    ),
    { maxLength: 24 },
  )
  .map((blocks) => blocks.flat());

/** Requests around such histories, some with tools. */
export const requests: fc.Arbitrary<ChatRequest> = fc
  .tuple(histories, fc.boolean())
  .map(([messages, tools]) => ({
    messages,
    tools: tools
      ? [{ name: 'look', description: 'Looks something up.', parameters: { type: 'object' } }]
      : [],
  }));

export const roles: fc.Arbitrary<Role[]> = fc.oneof(
  fc.constant<Role[]>([]),
  fc.uniqueArray(fc.constantFrom<Role>('user', 'assistant', 'tool', 'system'), { maxLength: 3 }),
);

function size(message: Message): number {
  return 4 + Math.ceil((textOf(message).length + JSON.stringify(message).length) / 8);
}

/** A cheap counter of characters that says how often it was asked. */
export function countingCosts(): Costs & { counted: number; bounded: number } {
  return {
    exact: true,
    counted: 0,
    bounded: 0,
    message(message) {
      this.counted += 1;
      return size(message);
    },
    messageUpperBound(message) {
      this.bounded += 1;
      return size(message) * 2 + 3;
    },
    request({ messages, tools = [] }) {
      return 3 + 10 * tools.length + messages.reduce((sum, message) => sum + size(message), 0);
    },
  };
}

/** Freezes everything reachable. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}

/** Which result belongs to which call, found the slow and obvious way: `[call, result]` by places in the history. */
export function pairsOf(messages: readonly Message[]): [number, number][] {
  const taken = new Set<number>();
  const pairs: [number, number][] = [];
  for (const [index, message] of messages.entries()) {
    if (message.role !== 'assistant') continue;
    for (const { id } of message.toolCalls ?? []) {
      for (let next = index + 1; next < messages.length; next += 1) {
        const other = messages[next];
        if (other?.role === 'assistant' && other.toolCalls?.some((call) => call.id === id) === true) break;
        if (other?.role !== 'tool' || other.toolCallId !== id || taken.has(next)) continue;
        taken.add(next);
        pairs.push([index, next]);
        break;
      }
    }
  }
  return pairs;
}
