import { Chain } from '../../../chain.ts';
import type { ChainEvent } from '../../../event.ts';
import type { Run } from '../../../run.ts';
import { encodeParts } from '../../encode-answer.ts';
import { FakeClock } from '../../fake-clock.ts';
import { checkMaker, type ConformanceCheck, type WireKit } from '../check.ts';
import { expectEqual, failed } from '../expect-equal.ts';
import type { Reply } from '../loopback-server.ts';
import { eventsOf, plain, textOfEvents } from '../sample-answers.ts';
import { withScene, type Scene } from '../scene.ts';
import { beginEvents, write } from '../send.ts';

const limits = { firstTokenMs: 5000, idleMs: 3000, totalMs: 60_000 };

/** A host that falls silent is left, and its connection closed. The chain keeps the time; the adapter has to let go. */
export function silenceChecks({ setup, encoder }: WireKit): ConformanceCheck[] {
  const check = checkMaker('silence', setup);
  const { opening, content } = encodeParts(encoder, plain);
  const begun = textOfEvents(encoder, [...opening, ...content]);
  return [
    check('before the headers', () => undefined, silentFromTheStart),
    check(
      'after the headers, with comments only',
      async ({ response }) => {
        beginEvents(response);
        await write(response, ': keep-alive\n\n');
      },
      silentFromTheStart,
    ),
    check(
      'in the middle of the text',
      async ({ response }) => {
        beginEvents(response);
        await write(response, begun);
      },
      async (scene) => {
        const { run, clock } = start(scene);
        const result = resultOf(run);
        const tokens = run.tokens();
        await tokens.next();
        const rest = drain(tokens);
        await clock.advance(limits.idleMs);
        await expectTimeout(result, clock, scene);
        await rest;
      },
    ),
    signOfLifeCheck({ setup, encoder }, begun),
    slowCheck({ setup, encoder }),
  ];
}

/** The comment is sent when all of the text has been read. */
function signOfLifeCheck({ setup }: WireKit, begun: string): ConformanceCheck {
  const run = (): Promise<void> => {
    const read = Promise.withResolvers<void>();
    const reply: Reply = async ({ response }) => {
      beginEvents(response);
      await write(response, begun);
      await read.promise;
      await write(response, ': keep-alive\n\n');
    };
    return withScene(setup, reply, async ({ ask }) => {
      const stream = ask()[Symbol.asyncIterator]();
      let text = '';
      while (text !== (plain.text ?? []).join('')) {
        const { value } = (await stream.next()) as { value?: readonly ChainEvent[] };
        for (const event of value ?? []) if (event.type === 'token') text += event.text;
      }
      // What stood behind the last text is read by then, or comes with the comment.
      const next = stream.next();
      read.resolve();
      expectEqual(await next, { done: false, value: [] }, 'what comes of a comment');
      await stream.return?.();
    });
  };
  return { topic: 'silence', name: 'silence: a keep-alive is a sign of life', run };
}

/** Each piece of text is sent when the one before it has been read, and the clock moved on. */
function slowCheck({ setup, encoder }: WireKit): ConformanceCheck {
  const pieces = plain.text ?? [];
  const run = (): Promise<void> => {
    const read = pieces.map(() => Promise.withResolvers<void>());
    const slowly: Reply = async ({ response }) => {
      beginEvents(response);
      let next = 0;
      for (const event of eventsOf(encoder, plain)) {
        await write(response, textOfEvents(encoder, [event]));
        const piece = pieces[next];
        if (piece !== undefined && event.data.includes(piece)) await read[next++]?.promise;
      }
      response.end();
    };
    return withScene(setup, slowly, async (scene) => {
      const { run, clock } = start(scene);
      let tokens = 0;
      for await (const event of run) {
        if (event.type !== 'token') continue;
        await clock.advance(limits.idleMs - 1);
        read[tokens++]?.resolve();
      }
      expectEqual(run.text, pieces.join(''), 'the text');
      expectEqual(clock.pending, 0, 'timers that are left behind');
    });
  };
  return {
    topic: 'silence',
    name: 'silence: a slow answer that never falls silent for long comes whole',
    run,
  };
}

function start({ provider, request }: Scene): { run: Run; clock: FakeClock } {
  const clock = new FakeClock();
  const chain = new Chain({ provider, clock, timeouts: limits, retry: { maxRetries: 0 } });
  return { run: chain.stream(request), clock };
}

/** Looked at later; until then it may reject. */
function resultOf(run: Run): Promise<unknown> {
  const result = run.result();
  result.catch(() => undefined);
  return result;
}

async function expectTimeout(result: Promise<unknown>, clock: FakeClock, { server }: Scene): Promise<void> {
  const error = await result.then(
    (value) => {
      throw failed('the run', 'a timeout', value);
    },
    (thrown: unknown) => thrown as { code?: unknown; retryable?: unknown },
  );
  expectEqual([error.code, error.retryable], ['timeout', true], 'code and retryable');
  const exchange = await server.arrival(1);
  expectEqual(await exchange.closed, false, 'the connection, closed by the adapter');
  expectEqual(clock.pending, 0, 'timers that are left behind');
}

/** The run's failure is looked at by its result. */
async function drain(tokens: AsyncIterable<string>): Promise<void> {
  try {
    for await (const text of tokens) expectEqual(typeof text, 'string', 'a token');
  } catch {
    // Expected: it ends with the timeout.
  }
}

async function silentFromTheStart(scene: Scene): Promise<void> {
  const { run, clock } = start(scene);
  const result = resultOf(run);
  await scene.server.arrival(1);
  await clock.advance(limits.firstTokenMs);
  await expectTimeout(result, clock, scene);
}
