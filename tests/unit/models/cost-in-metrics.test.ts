import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import { models, priceBy, windowGuard } from '../../../src/models/index.ts';
import { providerError, scriptedProvider } from '../../../src/testing/index.ts';

const messages = [{ role: 'user', content: 'Hello' }] as const;
const usage = { token_in: 1_000_000, token_out: 100_000 };

describe('priceBy', () => {
  it('puts what every call cost into the metrics, failed attempts too', async () => {
    const provider = scriptedProvider(
      [
        { text: 'half', error: providerError() },
        { text: 'whole', usage },
      ],
      {
        name: 'openai',
        model: 'gpt-4o-mini',
      },
    );
    const chain = new Chain({ provider, price: priceBy(models), retry: { baseDelayMs: 1 } });
    const { metrics } = await chain.stream({ messages }).result();
    const entry = models.find('gpt-4o-mini');
    const whole = (entry?.prices.input ?? NaN) + (entry?.prices.output ?? NaN) / 10;
    expect(metrics.cost_usd).toBeGreaterThan(whole);
    expect(metrics.cost_usd).toBeLessThan(whole * 1.01);
  });

  it('says null for a model it does not know, and nothing without prices', async () => {
    const provider = scriptedProvider([{ text: 'ok', usage }]);
    const priced = await new Chain({ provider, price: priceBy(models) }).stream({ messages }).result();
    expect(priced.metrics.cost_usd).toBeNull();
    const plain = await new Chain({ provider }).stream({ messages }).result();
    expect(plain.metrics).not.toHaveProperty('cost_usd');
  });
});

describe('windowGuard', () => {
  it('stops a request that cannot fit before it is sent', async () => {
    const provider = scriptedProvider(['ok'], { model: 'gpt-4o-mini' });
    const chain = new Chain({ provider }).use(windowGuard(models));
    const run = chain.stream({ messages: [{ role: 'user', content: 'word '.repeat(130_000) }] });
    await expect(run.result()).rejects.toMatchObject({ code: 'context-overflow', retryable: false });
    expect(provider.requests).toHaveLength(0);
    await expect(chain.stream({ messages }).result()).resolves.toMatchObject({ text: 'ok' });
    await expect(chain.stream({ messages, model: 'nobody-knows' }).result()).resolves.toMatchObject({
      text: 'ok',
    });
  });
});
