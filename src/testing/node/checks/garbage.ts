import type { ErrorCode } from '../../../errors.ts';
import { encodeParts } from '../../encode-answer.ts';
import { checkMaker, type ConformanceCheck, type WireKit } from '../check.ts';
import { expectEqual, expectThat } from '../expect-equal.ts';
import type { Reply } from '../loopback-server.ts';
import { readFailure } from '../read-answer.ts';
import { plain, replyWith, textOfEvents } from '../sample-answers.ts';
import { beginEvents, sendJson, write } from '../send.ts';

/** What comes under status 200 and is no answer. */
interface Garbage {
  readonly what: string;
  readonly reply: Reply;
  readonly codes: readonly ErrorCode[];
  /** `undefined`: either will do. */
  readonly retryable?: boolean;
}

/** Whatever comes in place of an answer becomes an error, and never text. */
export function garbageChecks(kit: WireKit): ConformanceCheck[] {
  const check = checkMaker('garbage', kit.setup);
  return [
    ...insteadOfAnswer(kit).map(({ what, reply, codes, retryable }) =>
      check(what, reply, async ({ ask, context }) => {
        const { error, seen } = await readFailure(ask(), context);
        expectThat(codes.includes(error.code), 'the error’s code', codes, error.code);
        if (retryable !== undefined) expectEqual(error.retryable, retryable, 'retryable');
        expectEqual(seen.events, [], 'events before the error');
      }),
    ),
    ...amidAnswer(kit).map(({ what, reply, codes, retryable }) =>
      check(what, reply, async ({ ask, context }) => {
        const { error, seen } = await readFailure(ask(), context);
        expectThat(codes.includes(error.code), 'the error’s code', codes, error.code);
        if (retryable !== undefined) expectEqual(error.retryable, retryable, 'retryable');
        expectEqual(seen.text, (plain.text ?? []).join(''), 'the text before the error');
      }),
    ),
  ];
}

const noCapacity = ['overloaded', 'server'] as const;

/** Nothing, or something that no protocol says. */
const strangers: readonly Garbage[] = [
  {
    what: 'a web page',
    reply: ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!doctype html><html><title>Sign in</title><body>Please sign in</body></html>');
    },
    codes: ['malformed'],
    retryable: false,
  },
  {
    what: 'an empty stream',
    reply: ({ response }) => {
      beginEvents(response);
      response.end();
    },
    codes: ['empty-response'],
    retryable: true,
  },
  {
    what: 'a stream of comments only',
    reply: async ({ response }) => {
      beginEvents(response);
      await write(response, ': one\n\n: two\n\n');
      response.end();
    },
    codes: ['empty-response', 'truncated'],
    retryable: true,
  },
  {
    what: 'no content at all',
    reply: ({ response }) => void response.writeHead(204).end(),
    codes: ['empty-response', 'truncated'],
  },
  {
    what: 'a JSON document that is something else',
    reply: ({ response }) => {
      sendJson(response, 200, { hello: 'there' });
    },
    codes: ['malformed', 'unknown', 'empty-response'],
  },
];

function insteadOfAnswer({ encoder }: WireKit): Garbage[] {
  const document =
    (status: number): Reply =>
    ({ response }) => {
      sendJson(response, 200, encoder.errorBody(status, 'It went wrong.'));
    };
  const stream: Reply = ({ response }) => {
    beginEvents(response);
    response.end(JSON.stringify(encoder.errorBody(500, 'It went wrong.')));
  };
  const first = replyWith(encoder, encoder.errorEvents('There is no capacity.'));
  const broken = replyWith(encoder, [{ data: '}{' }]);
  const number = replyWith(encoder, [{ data: '42' }]);
  return [
    ...strangers,
    {
      what: 'an error with status 200, final',
      reply: document(400),
      codes: ['bad-request'],
      retryable: false,
    },
    { what: 'an error with status 200, passing', reply: document(500), codes: noCapacity, retryable: true },
    {
      what: 'an error with status 200 as an event stream',
      reply: stream,
      codes: noCapacity,
      retryable: true,
    },
    { what: 'an error as the first event', reply: first, codes: noCapacity, retryable: true },
    { what: 'an event that is not JSON', reply: broken, codes: ['malformed'] },
    { what: 'an event that is JSON but no object', reply: number, codes: ['malformed'] },
  ];
}

/** After all of the text and before the end: the text is delivered, then the error thrown. */
function amidAnswer({ encoder }: WireKit): Garbage[] {
  const { opening, content } = encodeParts(encoder, plain);
  const before = textOfEvents(encoder, [...opening, ...content]);
  const thenSends =
    (tail: string): Reply =>
    async ({ response }) => {
      beginEvents(response);
      await write(response, before);
      await write(response, tail);
      response.end();
    };
  return [
    {
      what: 'an error in the middle',
      reply: thenSends(textOfEvents(encoder, encoder.errorEvents('There is no capacity.'))),
      codes: noCapacity,
      retryable: true,
    },
    {
      what: 'a bare JSON error in the middle',
      reply: thenSends(`${JSON.stringify(encoder.errorBody(503, 'There is no capacity.'))}\n\n`),
      codes: noCapacity,
      retryable: true,
    },
    { what: 'half a JSON in the middle', reply: thenSends('data: {"a":"b\n\n'), codes: ['malformed'] },
    {
      what: 'an error in the middle, on a socket that stays open',
      reply: async ({ response }) => {
        beginEvents(response);
        await write(response, before + textOfEvents(encoder, encoder.errorEvents('There is no capacity.')));
      },
      codes: noCapacity,
      retryable: true,
    },
  ];
}
