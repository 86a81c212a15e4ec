import { describe, expect, it } from 'vitest';
import * as z from 'zod';

import { Chain } from '../../../src/chain.ts';
import type { ChainEvent } from '../../../src/event.ts';
import { reflect } from '../../../src/reflect/reflect-step.ts';
import { parseJsonAnswer } from '../../../src/structured/parse-json-answer.ts';
import { structured } from '../../../src/structured/structured.ts';
import { providerError, scriptedProvider, type ScriptSource } from '../../../src/testing/index.ts';

const schema = z.object({ city: z.string(), degrees: z.number() });
const messages = [{ role: 'user', content: 'Weather?' }] as const;
const good = '{"city":"大阪","degrees":31}';

function chainOf(scripts: readonly ScriptSource[]) {
  const provider = scriptedProvider(scripts);
  return { provider, chain: new Chain({ provider }).use(structured(schema)) };
}

describe('structured', () => {
  it('asks for JSON of the schema and gives the object', async () => {
    const { provider, chain } = chainOf([{ text: ['{"city":"大阪",', '"degrees":31}'] }]);
    const result = await chain.stream({ messages }).result();
    expect(result).toMatchObject({ object: { city: '大阪', degrees: 31 }, text: good, finishReason: 'stop' });
    expect(provider.requests[0]?.responseFormat).toMatchObject({
      type: 'json',
      name: 'answer',
      schema: { type: 'object', required: ['city', 'degrees'] },
    });
  });

  it('streams what is written as no part of the answer, then the answer as a whole', async () => {
    const { chain } = chainOf([{ text: [`Here it is:\n\`\`\`json\n${good}\n\`\`\``] }]);
    const events: ChainEvent[] = [];
    for await (const event of chain.stream({ messages })) events.push(event);
    expect(events.filter(({ type }) => type === 'token')).toMatchObject([
      { answer: false },
      { answer: true, text: good },
    ]);
    expect(events.filter(({ type }) => type === 'object')).toMatchObject([
      { object: { city: '大阪', degrees: 31 } },
    ]);
  });

  it('asks once more with what was wrong', async () => {
    const { provider, chain } = chainOf(['{"city":"大阪","degrees":"hot"}', good]);
    await expect(chain.stream({ messages }).result()).resolves.toMatchObject({
      text: good,
      metrics: { calls: 2 },
    });
    expect(provider.requests[1]?.messages.slice(-2)).toMatchObject([
      { role: 'assistant', content: '{"city":"大阪","degrees":"hot"}' },
      { role: 'user', content: expect.stringMatching(/degrees: .*number/) as string },
    ]);
  });

  it.each(['{"city":"大阪"}', 'no JSON at all', ''])('gives up on %j with what is wrong', async (text) => {
    const { provider, chain } = chainOf([text]);
    await expect(chain.stream({ messages }).result()).rejects.toMatchObject({
      code: 'invalid-output',
      message: expect.stringMatching(/degrees|no JSON value/) as string,
    });
    expect(provider.requests).toHaveLength(2);
  });

  it('leaves tool calls to the app', async () => {
    const call = { id: 'c', name: 'look', arguments: '{}' };
    const { chain } = chainOf([{ toolCalls: [call] }]);
    await expect(chain.stream({ messages }).result()).resolves.toMatchObject({
      toolCalls: [call],
      finishReason: 'tool-calls',
    });
  });

  it('validates the final of a reflection, not its draft', async () => {
    const provider = scriptedProvider(['{"city":', '{"verdict":"revise","issues":[]}', good]);
    const chain = new Chain({ provider }).use(structured(schema)).use(reflect());
    await expect(chain.stream({ messages }).result()).resolves.toMatchObject({
      object: { degrees: 31 },
      text: good,
    });
    expect(provider.requests).toHaveLength(3);
  });

  it('keeps only the attempt that counts', async () => {
    const half = { text: '{"city":"東', error: providerError('server') };
    const provider = scriptedProvider([half, good]);
    const chain = new Chain({ provider, retry: { baseDelayMs: 1 } }).use(structured(schema));
    const texts: string[] = [];
    for await (const text of chain.stream({ messages }).tokens()) texts.push(text);
    expect(texts).toEqual([good]);
  });

  it('says what to do with a schema that does not tell its JSON Schema', () => {
    const mute = {
      '~standard': { version: 1, vendor: 'mute', validate: (value: unknown) => ({ value }) },
    } as const;
    expect(() => structured(mute)).toThrow(expect.objectContaining({ code: 'invalid-input' }) as Error);
    expect(structured(mute, { jsonSchema: { type: 'object' } }).name).toBe('structured');
  });
});

describe('parseJsonAnswer', () => {
  it.each([
    ['[1,2]', [1, 2]],
    ['```\n{"a":1}\n```', { a: 1 }],
    ['はい、どうぞ: {"a":"}"} です。', { a: '}' }],
    ['"text"', 'text'],
  ])('reads %j', (text, value) => {
    expect(parseJsonAnswer(text)?.value).toEqual(value);
  });

  it.each(['', 'none', '{"a":', '}{'])('finds nothing in %j', (text) => {
    expect(parseJsonAnswer(text)).toBeUndefined();
  });
});
