import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import { lexicalEmbedder } from '../../../src/embedders/lexical-embedder.ts';
import type { TrimMetrics } from '../../../src/event.ts';
import type { Message } from '../../../src/message.ts';
import { scriptedProvider } from '../../../src/testing/scripted-provider.ts';
import { trim } from '../../../src/trim/trim.ts';

interface Example {
  readonly messages: readonly Message[];
  readonly question: string;
}

describe.each([
  ['English', 'launch-week'],
  ['Japanese', 'kaigi'],
])('semantic_retention of a conversation in %s', (_, file) => {
  it('is not pulled down by the stubs that stand for what is left out', async () => {
    const { messages, question } = JSON.parse(readFileSync(`examples/data/${file}.json`, 'utf8')) as Example;
    const step = trim({ targetTokens: 2048, embedder: lexicalEmbedder(), rankWithEmbedder: false });
    const run = new Chain({ provider: scriptedProvider([{ text: 'ok' }]) })
      .use(step)
      .stream({ messages: [...messages, { role: 'user', content: question }] });
    let [stubs, figures]: [number, TrimMetrics | undefined] = [0, undefined];
    for await (const event of run) {
      if (event.type === 'history-trim') stubs = event.messages.filter(({ why }) => why === 'gap').length;
      if (event.type === 'metrics' && event.scope === 'trim') figures = event;
    }
    expect(stubs).toBeGreaterThan(3);
    expect(figures?.retention_method).toBe('mean-cosine:char-ngram-hash');
    expect(figures?.semantic_retention).toBeGreaterThan(0.7);
  });
});
