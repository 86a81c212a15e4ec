import type { WireEvent } from './wire-answer.ts';

/** How events are written into a stream: every setting is legal, whatever a vendor's own habit is. */
export interface Framing {
  /** @defaultValue `'\n'` */
  readonly lineEnd?: '\n' | '\r\n' | '\r';
  /** Whether a space follows `data:`. @defaultValue true */
  readonly space?: boolean;
  /** Whether `event:` lines are written. @defaultValue true */
  readonly names?: boolean;
  /** Lines before each event, for example `: keep-alive` or `id: 7`. @defaultValue none */
  readonly before?: readonly string[];
  /** Whether JSON is spread over several `data:` lines. @defaultValue false */
  readonly split?: boolean;
  /** Whether an event with empty data stands before each event. @defaultValue false */
  readonly empty?: boolean;
  /** Whether the stream begins with a byte order mark. @defaultValue false */
  readonly byteOrderMark?: boolean;
  /** Whether the last event has its blank line. @defaultValue true */
  readonly blankEnd?: boolean;
}

/** The events as the text of a `text/event-stream`. */
export function frameEvents(events: readonly WireEvent[], framing: Framing = {}): string {
  const { lineEnd = '\n', blankEnd = true, byteOrderMark = false } = framing;
  const blocks = events.map((event) => linesOf(event, framing).join(lineEnd));
  const end = blankEnd ? lineEnd + lineEnd : '';
  return `${byteOrderMark ? '\uFEFF' : ''}${blocks.join(lineEnd + lineEnd)}${blocks.length === 0 ? '' : end}`;
}

function linesOf({ name, data }: WireEvent, framing: Framing): string[] {
  const { space = true, names = true, before = [], split = false, empty = false } = framing;
  const colon = space ? ': ' : ':';
  const texts =
    split && data.startsWith('{') ? JSON.stringify(JSON.parse(data), null, 1).split('\n') : [data];
  return [
    ...(empty ? ['data:', ''] : []),
    ...before,
    ...(names && name !== undefined ? [`event${colon}${name}`] : []),
    ...texts.map((text) => `data${colon}${text}`),
  ];
}
