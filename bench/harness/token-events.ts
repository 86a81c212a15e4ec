/*
 * A chat completion as the bytes of its events.
 */

const words = [
  'The',
  ' quick',
  ' brown',
  ' fox',
  ' jumps',
  ' over',
  ' the',
  ' lazy',
  ' dog',
  '.',
  ' 東京',
  'は',
  '今日',
  'も',
  '晴れ',
];

function event(body: Record<string, unknown>): string {
  const head = {
    id: 'chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT',
    object: 'chat.completion.chunk',
    created: 1_741_569_952,
  };
  return `data: ${JSON.stringify({ ...head, model: 'gpt-5-mini', service_tier: 'default', system_fingerprint: null, ...body })}\n\n`;
}

/**
 * What makes each chunk another: `padding` is a random text behind it, as OpenAI sends it; `number` a running number.
 */
export type Noise = 'none' | 'padding' | 'number';

/** The token at a place of the answer. */
export function wordOf(index: number): string {
  return words[index % words.length] ?? '';
}

/** The answer in writes of `batch` events each. */
export function writesOf(tokens: number, batch: number, noise: Noise = 'none'): Buffer[] {
  const events: string[] = [];
  for (let index = 0; index < tokens; index += 1) {
    const extra = noiseOf(noise, index);
    const delta = { content: wordOf(index) };
    events.push(
      event({ choices: [{ index: 0, delta, logprobs: null, finish_reason: null }], usage: null, ...extra }),
    );
  }
  events.push(
    event({ choices: [{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }], usage: null }),
  );
  events.push(
    event({
      choices: [],
      usage: { prompt_tokens: 12, completion_tokens: tokens, total_tokens: 12 + tokens },
    }),
  );
  events.push('data: [DONE]\n\n');
  const writes: Buffer[] = [];
  for (let at = 0; at < events.length; at += batch)
    writes.push(Buffer.from(events.slice(at, at + batch).join('')));
  return writes;
}

function noiseOf(noise: Noise, index: number): Record<string, unknown> {
  if (noise === 'padding') return { obfuscation: (index * 2_654_435_761).toString(36) };
  return noise === 'number' ? { number: index } : {};
}
