import type { Framing } from '../../frame-events.ts';
import type { WireEvent } from '../../wire-answer.ts';
import { checkMaker, type ConformanceCheck, type WireKit } from '../check.ts';
import { readAnswer } from '../read-answer.ts';
import { eventsOf, expectAnswer, replyWith, rich } from '../sample-answers.ts';

const framings: readonly (readonly [what: string, framing: Framing])[] = [
  ['lines end with LF', { lineEnd: '\n' }],
  ['lines end with CR LF', { lineEnd: '\r\n' }],
  ['lines end with CR', { lineEnd: '\r' }],
  ['no space after the colon', { space: false }],
  ['no names of events', { names: false }],
  ['comments before every event', { before: [': keep-alive', ':', ': {"a":1}'] }],
  ['id: and retry: lines', { before: ['id: 7', 'retry: 10'] }],
  ['fields that are not known', { before: ['later: on', 'nothing'] }],
  ['data over several lines', { split: true }],
  ['events with empty data', { empty: true }],
  ['a byte order mark', { byteOrderMark: true }],
  ['no blank line at the end', { blankEnd: false }],
  [
    'all of it at once',
    {
      lineEnd: '\r\n',
      space: false,
      before: [': x', 'id: 7'],
      split: true,
      empty: true,
      byteOrderMark: true,
      blankEnd: false,
    },
  ],
];

/** The same answer, framed in every legal way. */
export function framingChecks({ setup, encoder }: WireKit): ConformanceCheck[] {
  const check = checkMaker('framing', setup);
  const events = eventsOf(encoder, rich);
  const reads = (what: string, sent: readonly WireEvent[], framing?: Framing): ConformanceCheck =>
    check(what, replyWith(encoder, sent, framing), async ({ ask, context }) => {
      expectAnswer(await readAnswer(ask(), context), rich, encoder);
    });
  return [
    ...framings.map(([what, framing]) => reads(what, events, framing)),
    reads(
      'events that are not known',
      events.flatMap((event) => [...encoder.noise, event]),
    ),
    reads(
      'fields of events that are not known',
      events.map((event) =>
        event.data.startsWith('{') ? { ...event, data: withStranger(event.data) } : event,
      ),
    ),
  ];
}

/** Adds a field that no version knows to every object; what a tool is called with stays. */
function withStranger(data: string): string {
  return JSON.stringify(JSON.parse(data), (key, value: unknown) => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && key !== 'args' && key !== 'x_tomorrow' && !isInside(value)
      ? { ...value, x_tomorrow: { deep: [1, { later: null }] } }
      : value;
  });
}

/** What was added is not added to. */
function isInside(value: object): boolean {
  return 'deep' in value || 'later' in value;
}
