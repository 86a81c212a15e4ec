import { Chain } from '../../../chain.ts';
import { encodeParts } from '../../encode-answer.ts';
import { FakeClock } from '../../fake-clock.ts';
import { checkMaker, type ConformanceCheck, type WireKit } from '../check.ts';
import { expectEqual, expectThat } from '../expect-equal.ts';
import type { Reply } from '../loopback-server.ts';
import { readAnswer, readFailure } from '../read-answer.ts';
import { eventsOf, expectAnswer, plain, textOfEvents } from '../sample-answers.ts';
import { beginEvents, write } from '../send.ts';

/** A stream that breaks off is never taken for a whole one. */
export function endingChecks({ setup, encoder }: WireKit): ConformanceCheck[] {
  const check = checkMaker('ending', setup);
  const { opening, content } = encodeParts(encoder, plain);
  const before = [...opening, ...content];
  const whole = textOfEvents(encoder, eventsOf(encoder, plain));
  const said = (plain.text ?? []).join('');
  /** The n-th request gets so many events. */
  const cutAt =
    (end: 'end' | 'destroy'): Reply =>
    async ({ response, number }) => {
      beginEvents(response);
      if (number > 1) await write(response, textOfEvents(encoder, before.slice(0, number - 1)));
      if (end === 'end') response.end();
      else response.destroy();
    };
  const failsEverywhere = (
    what: string,
    end: 'end' | 'destroy',
    codes: readonly string[],
  ): ConformanceCheck =>
    check(what, cutAt(end), async ({ ask, context }) => {
      for (let sent = 0; sent <= before.length; sent += 1) {
        const { error, seen } = await readFailure(ask(), context);
        const at = `after ${sent} of ${before.length} events`;
        expectThat(codes.includes(error.code), `the error's code ${at}`, codes, error.code);
        expectEqual(error.retryable, true, `retryable ${at}`);
        expectThat(said.startsWith(seen.text), `the text ${at}`, said, seen.text);
        if (sent === before.length && end === 'end') expectEqual(seen.text, said, `the text ${at}`);
      }
    });
  const half = textOfEvents(encoder, before).slice(0, -30);
  return [
    failsEverywhere('a stream that ends early fails, wherever it ends', 'end', [
      'truncated',
      'empty-response',
    ]),
    failsEverywhere('a connection that breaks fails, wherever it breaks', 'destroy', [
      'truncated',
      'connection',
      'empty-response',
    ]),
    check(
      'a stream that ends in half an event fails',
      async ({ response }) => {
        beginEvents(response);
        await write(response, half);
        response.end();
      },
      async ({ ask, context }) => {
        const { error } = await readFailure(ask(), context);
        expectEqual([error.code, error.retryable], ['truncated', true], 'code and retryable');
      },
    ),
    check(
      'a connection that breaks behind the whole answer takes nothing from it',
      async ({ response }) => {
        beginEvents(response);
        await write(response, whole);
        response.destroy();
      },
      async ({ ask, context }) => {
        expectAnswer(await readAnswer(ask(), context), plain, encoder);
      },
    ),
    ...(encoder.hasTerminalEvent
      ? [
          check(
            'what comes behind the end is no part of the answer',
            async ({ response }) => {
              beginEvents(response);
              await write(
                response,
                whole + textOfEvents(encoder, content) + textOfEvents(encoder, [{ data: '}{' }]),
              );
              response.end();
            },
            async ({ ask, context }) => {
              expectAnswer(await readAnswer(ask(), context), plain, encoder);
            },
          ),
        ]
      : []),
    check(
      'a connection that breaks before the headers fails as a connection',
      ({ response }) => void response.destroy(),
      async ({ ask, context }) => {
        const { error } = await readFailure(ask(), context);
        expectEqual([error.code, error.retryable], ['connection', true], 'code and retryable');
      },
    ),
    check(
      'the chain repeats a stream that broke off, and merges nothing',
      async ({ response, number }) => {
        beginEvents(response);
        await write(response, number === 1 ? textOfEvents(encoder, before.slice(0, -1)) : whole);
        response.end();
      },
      async ({ provider, request }) => {
        const clock = new FakeClock();
        const run = new Chain({ provider, clock, random: () => 0, retry: {} }).stream(request);
        for await (const event of run) {
          if (event.type === 'attempt-end' && event.delayMs !== null) void clock.advance(event.delayMs);
        }
        const { text, metrics } = await run.result();
        expectEqual(
          { text, attempts: metrics.attempts },
          { text: said, attempts: 2 },
          'the result of the run',
        );
        expectEqual(clock.pending, 0, 'timers that are left behind');
      },
    ),
  ];
}
