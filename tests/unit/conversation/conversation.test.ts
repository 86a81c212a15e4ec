import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import { Conversation } from '../../../src/conversation.ts';
import { rewriteStep } from '../../../src/rewrite-step.ts';
import { providerError, scriptedProvider } from '../../../src/testing/index.ts';

describe('Conversation', () => {
  it('keeps the chat from turn to turn', async () => {
    const provider = scriptedProvider(['Hello', 'こんにちは']);
    const conversation = new Conversation({ chain: new Chain({ provider }) });
    await conversation.send('Hi').result();
    await conversation.send('日本語で').result();
    expect(conversation.messages).toEqual([
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello' },
      { role: 'user', content: '日本語で' },
      { role: 'assistant', content: 'こんにちは' },
    ]);
    expect(provider.requests[1]?.messages).toHaveLength(3);
  });

  it('has the answer in it as soon as the reader’s loop ends', async () => {
    const conversation = new Conversation({ chain: new Chain({ provider: scriptedProvider(['Hello']) }) });
    for await (const _ of conversation.send('Hi').tokens());
    expect(conversation.messages).toHaveLength(2);
  });

  it('keeps tool calls, and takes tool results', async () => {
    const call = { id: 'c1', name: 'weather', arguments: '{}' };
    const provider = scriptedProvider([{ toolCalls: [call] }, 'Sunny']);
    const conversation = new Conversation({ chain: new Chain({ provider }) });
    const { toolCalls } = await conversation.send('Weather?').result();
    await conversation
      .send(toolCalls.map(({ id }) => ({ role: 'tool', toolCallId: id, content: '25 °C' })))
      .result();
    expect(conversation.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant']);
    expect(provider.requests[1]?.messages[1]).toMatchObject({ toolCalls: [call] });
  });

  it.each(['restore', 'keep'] as const)('after a failure does as asked: %s', async (onIncomplete) => {
    const provider = scriptedProvider([
      { text: 'part', error: providerError('bad-request', { retryable: false }) },
    ]);
    const conversation = new Conversation({ chain: new Chain({ provider }), onIncomplete });
    await expect(conversation.send('Hi').result()).rejects.toThrow('scripted');
    const kept = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'part' },
    ];
    expect(conversation.messages).toEqual(onIncomplete === 'keep' ? kept : []);
  });

  it.each(['restore', 'keep'] as const)('after an abort does as asked: %s', async (onIncomplete) => {
    const provider = scriptedProvider([{ text: ['part'], hang: true }]);
    const conversation = new Conversation({ chain: new Chain({ provider }), onIncomplete });
    for await (const _ of conversation.send('Hi').tokens()) break;
    expect(conversation.messages.map(({ content }) => content)).toEqual(
      onIncomplete === 'keep' ? ['Hi', 'part'] : [],
    );
  });

  it('refuses a second run while one is under way, and forgets one that was never read', async () => {
    const conversation = new Conversation({ chain: new Chain({ provider: scriptedProvider(['ok']) }) });
    const forgotten = conversation.send('never read');
    const run = conversation.send('Hi').tokens();
    await run.next();
    expect(() => conversation.send('too early')).toThrow(/under way/);
    await run.next();
    expect(forgotten.state).toBe('ended');
    expect(conversation.messages[0]).toEqual({ role: 'user', content: 'Hi' });
  });

  it('keeps what steps keep, through JSON and back', async () => {
    const counting = rewriteStep({
      name: 'count',
      stage: 'call',
      rewrite: (request, { state }) => {
        state.set('count', ((state.get('count') as number | undefined) ?? 0) + 1);
        return request;
      },
    });
    const chain = new Chain({ provider: scriptedProvider(['ok']) }).use(counting);
    const conversation = new Conversation({ chain, persona: { name: 'terse', style: 'Be brief.' } });
    await conversation.send('1').result();
    const json: unknown = JSON.parse(JSON.stringify(conversation));
    const restored = Conversation.fromJSON(json, { chain });
    await restored.send('2').result();
    expect(restored.toJSON()).toMatchObject({ version: 1, persona: { name: 'terse' }, state: { count: 2 } });
    expect(restored.messages).toHaveLength(4);
  });

  it('switches its persona for the next run', async () => {
    const provider = scriptedProvider(['ok']);
    const conversation = new Conversation({
      chain: new Chain({ provider }),
      persona: { name: 'a', style: 'Alpha.' },
    });
    await conversation.send('1').result();
    conversation.persona = { name: 'b', style: 'Beta.' };
    await conversation.send('2').result();
    expect(provider.requests.map(({ messages }) => messages[0]?.content)).toEqual([
      expect.stringContaining('Alpha.'),
      expect.stringContaining('Beta.'),
    ]);
    expect(conversation.messages.map(({ role }) => role)).not.toContain('system');
  });

  it('fills in the variables of its persona, which can change from run to run and are kept in its JSON', async () => {
    const provider = scriptedProvider(['はい']);
    const chain = new Chain({ provider });
    const persona = {
      name: 'support',
      notes: 'お客様は{{customer}}様。',
      variables: { customer: { type: 'string' } },
    } as const;
    const conversation = new Conversation({ chain, persona, variables: { customer: '佐藤' } });
    await conversation.send('1').result();
    conversation.variables = { customer: '田中' };
    await conversation.send('2').result();
    const restored = Conversation.fromJSON(JSON.parse(JSON.stringify(conversation)), { chain });
    await restored.send('3').result();
    expect(provider.requests.map(({ messages }) => messages[0]?.content)).toEqual([
      expect.stringContaining('佐藤様'),
      expect.stringContaining('田中様'),
      expect.stringContaining('田中様'),
    ]);
    restored.variables = undefined;
    await expect(restored.send('4').result()).rejects.toMatchObject({
      code: 'invalid-persona',
      field: 'variables.customer',
    });
    expect(provider.requests).toHaveLength(3);
  });

  it.each([[null], [{}], [{ version: 2, messages: [] }], [{ version: 1, messages: [{ role: 'x' }] }]])(
    'refuses %j as a conversation',
    (json) => {
      const chain = new Chain({ provider: scriptedProvider(['ok']) });
      expect(() => Conversation.fromJSON(json, { chain })).toThrow(
        expect.objectContaining({ code: 'invalid-input' }) as Error,
      );
    },
  );
});
