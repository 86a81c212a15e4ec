import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import type { ChainEvent } from '../../../src/event.ts';
import type { Message } from '../../../src/message.ts';
import { scriptedProvider } from '../../../src/testing/scripted-provider.ts';
import { memoryArchive, type TrimArchive } from '../../../src/trim/archive.ts';
import { trim } from '../../../src/trim/trim.ts';
import { countingCosts } from './histories.ts';

const messages: Message[] = [
  { role: 'user', content: 'My parcel has the number ZX-4711. '.repeat(4) },
  { role: 'assistant', content: 'Noted. '.repeat(20) },
  { role: 'user', content: '京都の宿は二条旅館です。'.repeat(6) },
  { role: 'assistant', content: '承知しました。'.repeat(10) },
  { role: 'user', content: 'Tell me a joke.' },
];

async function run(
  archive: TrimArchive | ((context: unknown) => TrimArchive | undefined),
): Promise<ChainEvent[]> {
  const step = trim({ targetTokens: 30, strategy: 'recent', counter: countingCosts(), archive });
  const chain = new Chain({ provider: scriptedProvider(['fine']) }).use(step);
  const events: ChainEvent[] = [];
  for await (const event of chain.stream({ messages })) events.push(event);
  return events;
}

describe('memoryArchive', () => {
  it.each([
    ['parcel number', messages[0]],
    ['京都の旅館はどこ？', messages[2]],
  ])('finds again what a trim left out: %s', async (query, wanted) => {
    const archive = memoryArchive();
    await run(archive);
    await run(() => archive);
    const hits = await archive.find(query);
    expect(hits[0]?.message).toEqual(wanted);
    expect(hits.filter(({ message }) => message === wanted)).toHaveLength(1);
    expect(await archive.find('submarine')).toEqual([]);
    expect(await archive.find(query, 0)).toEqual([]);
  });

  it('forgets the older half when it is full', async () => {
    const archive = memoryArchive({ maxMessages: 4 });
    for (let n = 0; n < 9; n += 1) await archive.store([{ role: 'user', content: `thing${n} parcel` }]);
    const texts = (await archive.find('parcel', 10)).map(({ message }) => message.content);
    expect(new Set(texts)).toEqual(new Set(['thing6 parcel', 'thing7 parcel', 'thing8 parcel']));
  });
});

it('does not fail the run when the archive fails', async () => {
  const broken: TrimArchive = {
    store: () => Promise.reject(new Error('disk full')),
    find: () => Promise.resolve([]),
  };
  const events = await run(broken);
  expect(events.at(-1)).toMatchObject({ type: 'done', finishReason: 'stop' });
  expect(events).toContainEqual(expect.objectContaining({ type: 'issue', code: 'archive-failed' }));
});
