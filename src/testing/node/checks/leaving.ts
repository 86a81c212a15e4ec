import { Chain } from '../../../chain.ts';
import { encodeParts } from '../../encode-answer.ts';
import { checkMaker, type ConformanceCheck, type WireKit } from '../check.ts';
import { expectEqual, failed } from '../expect-equal.ts';
import type { Exchange, Reply } from '../loopback-server.ts';
import { plain, textOfEvents } from '../sample-answers.ts';
import { withScene, type Scene, type SceneSetup } from '../scene.ts';
import { beginEvents, write } from '../send.ts';

/** Leaving a stream ends its request at once, wherever it stands; looked at from the server's side. */
export function leavingChecks({ setup, encoder }: WireKit): ConformanceCheck[] {
  const check = checkMaker('leaving', setup);
  const { opening, content } = encodeParts(encoder, plain);
  const events = [...opening, ...content];
  /** Sends so many events, then nothing more. */
  const sends = async ({ response }: Exchange, count: number): Promise<void> => {
    beginEvents(response);
    for (const event of events.slice(0, count)) await write(response, textOfEvents(encoder, [event]));
  };
  const unfinished: Reply = (exchange) => sends(exchange, events.length);
  return [
    check('break closes the connection, wherever the text stands', unfinished, async (scene) => {
      for (let wanted = 1; wanted <= (plain.text ?? []).join('').length; wanted += 4)
        await breakAfter(wanted, scene);
    }),
    check(
      'return() while a read is under way settles both',
      (exchange) => sends(exchange, 0),
      async ({ ask, server }) => {
        const stream = ask()[Symbol.asyncIterator]();
        const pending = stream.next();
        const exchange = await server.arrival(1);
        await stream.return?.();
        expectEqual((await pending).done, true, 'done of the read that was under way');
        expectEqual(await exchange.closed, false, 'the connection, closed by the adapter');
      },
    ),
    ...abortChecks({ setup, encoder }, events.length, sends),
    check(
      'leaving the tokens of a run closes the connection',
      unfinished,
      async ({ provider, request, server }) => {
        for await (const text of new Chain({ provider }).stream(request).tokens()) if (text !== '') break;
        expectEqual(await (await server.arrival(1)).closed, false, 'the connection, closed by the adapter');
      },
    ),
    check(
      'a run that is aborted ends with the text so far',
      unfinished,
      async ({ provider, request, server }) => {
        const run = new Chain({ provider }).stream(request);
        for await (const event of run) if (event.type === 'token') run.abort();
        const { text, finishReason } = await run.result();
        expectEqual(
          [finishReason, text !== ''],
          ['aborted', true],
          'finishReason, and whether there is text',
        );
        expectEqual(await (await server.arrival(1)).closed, false, 'the connection, closed by the adapter');
      },
    ),
  ];
}

function abortChecks(
  { setup }: WireKit,
  events: number,
  sends: (exchange: Exchange, count: number) => Promise<void>,
): ConformanceCheck[] {
  const check = checkMaker('leaving', setup);
  const points = [...new Set([0, 1, Math.floor(events / 2), events])].map(
    (count) =>
      [`after ${count} of ${events} events`, (exchange: Exchange) => sends(exchange, count)] as const,
  );
  const replies: readonly (readonly [what: string, reply: Reply])[] = [
    ['before the headers', () => undefined],
    ...points,
    [
      'inside the body of an error',
      async ({ response }) => {
        response.writeHead(503, { 'content-type': 'application/json' });
        await write(response, '{"error":');
      },
    ],
  ];
  return [
    check(
      'a signal that is aborted before sends nothing',
      () => undefined,
      async ({ ask, controller, server }) => {
        const reason = new Error('never mind');
        controller.abort(reason);
        await expectReason(drain(ask()), reason);
        expectEqual(server.exchanges.length, 0, 'requests made');
      },
    ),
    ...replies.map(([what, reply]) => abortCheck(setup, what, reply)),
  ];
}

function abortCheck(setup: SceneSetup, what: string, reply: Reply): ConformanceCheck {
  const name = `abort ${what} throws the reason and closes the connection`;
  const run = (): Promise<void> => {
    const sent = Promise.withResolvers<void>();
    const tells: Reply = async (exchange) => {
      await reply(exchange);
      sent.resolve();
    };
    return withScene(setup, tells, async ({ ask, controller, server }) => {
      const reason = new Error('the user left');
      const read = drain(ask());
      // It is looked at below; until then it may reject.
      read.catch(() => undefined);
      await sent.promise;
      // The adapter may take in what has come.
      await new Promise((done) => setImmediate(done));
      controller.abort(reason);
      await expectReason(read, reason);
      expectEqual(await (await server.arrival(1)).closed, false, 'the connection, closed by the adapter');
    });
  };
  return { topic: 'leaving', name: `leaving: ${name}`, run };
}

async function breakAfter(wanted: number, { ask, server }: Scene): Promise<void> {
  const number = server.exchanges.length + 1;
  let text = '';
  for await (const batch of ask()) {
    for (const event of batch) if (event.type === 'token') text += event.text;
    if (text.length >= wanted) break;
  }
  expectEqual(text.length >= wanted, true, `whether ${wanted} units of text came`);
  expectEqual(await (await server.arrival(number)).closed, false, 'the connection, closed by the adapter');
}

async function drain(stream: AsyncIterable<readonly unknown[]>): Promise<number> {
  let batches = 0;
  for await (const batch of stream) batches += batch.length;
  return batches;
}

async function expectReason(read: Promise<unknown>, reason: Error): Promise<void> {
  const thrown = await read.then(
    (value) => {
      throw failed('the stream', `the signal's reason, thrown`, value);
    },
    (error: unknown) => error,
  );
  expectEqual(thrown === reason, true, `whether the signal's reason was thrown (${String(thrown)})`);
}
