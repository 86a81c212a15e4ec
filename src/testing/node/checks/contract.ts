import { inspect } from 'node:util';

import { Chain } from '../../../chain.ts';
import type { AttemptLabels } from '../../../event.ts';
import { checkMaker, type ConformanceCheck } from '../check.ts';
import { expectEqual, expectThat, failed } from '../expect-equal.ts';
import type { Reply } from '../loopback-server.ts';
import { readAnswer } from '../read-answer.ts';
import type { SceneSetup } from '../scene.ts';

/** What every provider does, with a wire or without. `reply` is a good answer. */
export function contractChecks(setup: SceneSetup, reply: Reply): ConformanceCheck[] {
  const check = checkMaker('contract', setup);
  return [
    check('says who it is', reply, ({ provider }) => {
      const { name, model, isLanguageModel } = provider;
      expectThat(typeof name === 'string' && name !== '', 'name', 'a text', name);
      expectThat(typeof model === 'string' && model !== '', 'model', 'a text', model);
      expectEqual(typeof isLanguageModel, 'boolean', 'type of isLanguageModel');
      return Promise.resolve();
    }),
    check('shows its key to nobody who prints it', reply, ({ provider, apiKey }) => {
      const shown = inspect(provider, { depth: 8, showHidden: true }) + JSON.stringify(provider);
      expectThat(!shown.includes(apiKey), 'the provider, printed', 'no key in it', shown);
      return Promise.resolve();
    }),
    check('does nothing until it is read', reply, async ({ ask, context, server }) => {
      ask();
      const stream = ask()[Symbol.asyncIterator]();
      // A request of one of those would come before this one.
      await readAnswer(ask(), context);
      await stream.return?.();
      expectThat(
        server.exchanges.length <= 1,
        'requests made',
        'that of the one stream that was read',
        server.exchanges.length,
      );
    }),
    check(
      'ends with one attempt-end, every event with the labels of its call',
      reply,
      async ({ ask, context }) => {
        const { end } = await readAnswer(ask(), context);
        expectEqual(
          end.retryable === null && end.delayMs === null && !end.superseded,
          true,
          'an end without a retry',
        );
        const { usage } = end;
        if (usage !== null)
          expectThat(usage.token_in >= 0 && usage.token_out >= 0, 'usage', 'counts from 0', usage);
      },
    ),
    check('takes the labels from the context', reply, async ({ provider, context, request }) => {
      const labels: AttemptLabels = {
        req_id: 'other-run',
        call: 3,
        phase: 'draft',
        attempt: 2,
        answer: false,
      };
      await readAnswer(provider.generate(request, { ...context, ...labels }), labels);
    }),
    check('leaves the request as it is', reply, async ({ ask, context, request }) => {
      await readAnswer(ask(frozen(structuredClone(request))), context);
    }),
    check('answers two calls side by side', reply, async ({ ask, context }) => {
      await Promise.all([readAnswer(ask(), context), readAnswer(ask(), context)]);
    }),
    check('throws the reason of a signal that is aborted before', reply, async ({ ask, controller }) => {
      const reason = new Error('never mind');
      controller.abort(reason);
      const stream = ask()[Symbol.asyncIterator]();
      const thrown = await stream.next().then(
        (result) => {
          throw failed('the first read', 'the reason, thrown', result);
        },
        (error: unknown) => error,
      );
      expectEqual(thrown === reason, true, `whether the signal's reason was thrown (${String(thrown)})`);
    }),
    check('can be left after the first read', reply, async ({ ask }) => {
      const stream = ask()[Symbol.asyncIterator]();
      await stream.next();
      await stream.return?.();
      expectEqual((await stream.next()).done, true, 'done of a read after return()');
    }),
    check('can be run by a chain', reply, async ({ provider, request }) => {
      const run = new Chain({ provider, retry: { maxRetries: 0 } }).stream(request);
      const types: string[] = [];
      for await (const event of run) types.push(event.type);
      expectEqual([types[0], types.at(-1)], ['run-start', 'done'], 'first and last event of the run');
      expectEqual((await run.result()).text, run.text, 'the text of the result');
    }),
  ];
}

/** A change of it throws. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}
