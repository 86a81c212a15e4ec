import { expect, test } from 'vitest';

import { Chain } from '../../src/chain.ts';
import { openaiCompatible } from '../../src/providers/openai-compatible.ts';
import { reflect } from '../../src/reflect/reflect-step.ts';
import { beginSse, chatChunk, chatEnding, write } from '../servers/respond.ts';
import { startServer } from '../servers/start-server.ts';
import { createGate } from '../support/gate.ts';

const messages = [{ role: 'user', content: 'When is the launch?' }] as const;

/** A host whose answers begin and never end, but for those that `ends` names by their number from 1. */
async function endless(ends: readonly number[] = []) {
  let [started, closed] = [0, 0];
  const allClosed = createGate();
  const server = await startServer(async ({ response }) => {
    const number = ++started;
    beginSse(response);
    response.on('close', () => {
      if (!ends.includes(number) && ++closed === 4) allClosed.open();
    });
    await write(
      response,
      chatChunk({ content: number === 5 ? '{"verdict":"approve","issues":[]}' : `draft ${number}` }),
    );
    if (!ends.includes(number)) return;
    await write(response, chatEnding());
    response.end();
  });
  const provider = openaiCompatible({
    baseURL: `${server.url}/v1`,
    model: 'test-1',
    apiKey: 'test-key-0123456789',
  });
  return { server, provider, closed: () => closed, allClosed: allClosed.opened };
}

test('leaving the loop while four drafts stream closes all four connections', async () => {
  const { server, provider, allClosed, closed } = await endless();
  await using _ = server;
  const drafting = new Set<number>();
  for await (const event of new Chain({ provider }).use(reflect({ drafts: 4 })).stream({ messages })) {
    if (event.type === 'token') drafting.add(event.call);
    if (drafting.size === 4) break;
  }
  await allClosed;
  expect(closed()).toBe(4);
  expect(server.served).toHaveLength(4);
});

test('an approved draft closes the connections of the others', async () => {
  const { server, provider, closed } = await endless([2, 5]);
  await using _ = server;
  const { text, metrics } = await new Chain({ provider })
    .use(reflect({ drafts: 4 }))
    .stream({ messages })
    .result();
  expect(text).toBe('draft 2');
  expect(metrics).toMatchObject({ calls: 5, attempts: 5 });
  await expect.poll(closed).toBe(3);
});

test('a limit of the run closes all connections and answers with what there is', async () => {
  const { server, provider, allClosed } = await endless();
  await using _ = server;
  const chain = new Chain({ provider, limits: { maxMs: 300 } }).use(reflect({ drafts: 4 }));
  const { text, metrics } = await chain.stream({ messages }).result();
  await allClosed;
  expect(text).toMatch(/^draft \d$/);
  expect(metrics.stopped_by).toBe('time');
});
