import { connect } from 'katamari/sse';

import { CALM_MODEL } from './settings.ts';

const messages = [{ role: 'user', content: '数えて' }];

/** To the first token, in milliseconds: of the bare provider, and of the same provider behind the server, one after the other. */
export interface FirstTokenPair {
  readonly bareMs: number;
  readonly servedMs: number;
}

/** Measures pairs until it is told to stop; which comes first changes from pair to pair. */
export async function firstTokenPairs(
  provider: string,
  host: string,
  isOver: () => boolean,
  warmUp = 0,
): Promise<FirstTokenPair[]> {
  const pairs: FirstTokenPair[] = [];
  for (let number = 0; !isOver(); number++) {
    const first = number % 2 === 0 ? await bare(provider) : await served(host);
    const second = number % 2 === 0 ? await served(host) : await bare(provider);
    const [bareMs, servedMs] = number % 2 === 0 ? [first, second] : [second, first];
    // The first ones warm all three processes up.
    if (number >= warmUp) pairs.push({ bareMs, servedMs });
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return pairs;
}

async function bare(provider: string): Promise<number> {
  const began = performance.now();
  const response = await fetch(`${provider}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: CALM_MODEL, messages, stream: true }),
  });
  const decoder = new TextDecoder();
  let text = '';
  let ms = Number.NaN;
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (Number.isNaN(ms) && text.includes('"content"')) ms = performance.now() - began;
  }
  return ms;
}

async function served(host: string): Promise<number> {
  const began = performance.now();
  let ms = Number.NaN;
  for await (const event of connect(`${host}/v1/runs`, { body: { messages, model: CALM_MODEL } }))
    if (Number.isNaN(ms) && event.type === 'token') ms = performance.now() - began;
  return ms;
}

/** The value that `share` of the values do not exceed: nearest rank. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
