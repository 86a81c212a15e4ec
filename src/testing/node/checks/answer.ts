import type { WireAnswer } from '../../wire-answer.ts';
import { checkMaker, type ConformanceCheck, type WireKit } from '../check.ts';
import { readAnswer } from '../read-answer.ts';
import { eventsOf, expectAnswer, plain, replyWith, rich } from '../sample-answers.ts';
import { variantsOf } from '../variants.ts';

const megabyte = 1024 * 1024;

const answers: readonly (readonly [what: string, answer: WireAnswer])[] = [
  ['text comes whole and in order', plain],
  ['reasoning is kept apart from the text, tool calls come whole', rich],
  ['tool calls alone', { toolCalls: rich.toolCalls ?? [], usage: { token_in: 3, token_out: 2 } }],
  ['a tool call without arguments', { toolCalls: [{ id: 'call_c3', name: 'now', arguments: '{}' }] }],
  ['no usage is reported as none, not as zero', { text: ['x'] }],
  ['a text of white space is a text', { text: [' ', '\n\n', '\t'] }],
  ['pieces that are empty add nothing', { text: ['', 'a', '', 'b'] }],
  [
    'characters that trip parsers',
    {
      text: [
        '\u2028\u2029',
        '\u0000',
        '\uFEFF',
        '"\\/',
        '\r\n',
        'data: {',
        '[DONE]',
        '𠮷e\u0301',
        '\u{1F468}\u200D\u{1F33E}',
      ],
    },
  ],
  ['a character whose halves come in two events', { text: ['a\uD83D', '\uDE00b'] }],
  ['an event of a megabyte', { text: ['日本'.repeat(megabyte / 6), '!'] }],
  [
    'tool arguments of 300 kilobytes',
    {
      toolCalls: [{ id: 'call_d4', name: 'store', arguments: JSON.stringify({ blob: 'x'.repeat(300_000) }) }],
    },
  ],
  ['two thousand small events', { text: Array.from({ length: 2000 }, (_, index) => `w${index} `) }],
];

/** What an answer says, in the plainest framing. */
export function answerChecks({ setup, encoder }: WireKit): ConformanceCheck[] {
  const check = checkMaker('answer', setup);
  const reads = (what: string, answer: WireAnswer): ConformanceCheck =>
    check(what, replyWith(encoder, eventsOf(encoder, answer)), async ({ ask, context }) => {
      expectAnswer(await readAnswer(ask(), context), answer, encoder);
    });
  return [
    ...answers.map(([what, answer]) => reads(what, answer)),
    ...encoder.finishReasons
      .filter((finishReason) => finishReason !== 'tool-calls')
      .map((finishReason) => reads(`finish reason ${finishReason}`, { ...plain, finishReason })),
    ...variantsOf(encoder).map(({ what, answer, events }) =>
      check(what, replyWith(encoder, events), async ({ ask, context }) => {
        expectAnswer(await readAnswer(ask(), context), answer, encoder);
      }),
    ),
  ];
}
