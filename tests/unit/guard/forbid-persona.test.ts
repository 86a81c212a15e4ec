import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import { Conversation } from '../../../src/conversation.ts';
import type { ChainEvent } from '../../../src/event.ts';
import { extendPersona } from '../../../src/persona/extend-persona.ts';
import { forbid } from '../../../src/persona/guard/forbid-step.ts';
import { SpeakerGuards } from '../../../src/persona/guard/speaker-guards.ts';
import { persona } from '../../../src/persona/persona-step.ts';
import type { Speaker } from '../../../src/provider.ts';
import { reflect } from '../../../src/reflect/reflect-step.ts';
import { scriptedProvider } from '../../../src/testing/index.ts';

const MASK = '███';
const SAID = ['Syn', 'ergy, 前向きに検', '討, me@example.com'];
const plain = { name: 'plain', style: 'Be plain.', forbid: ['synergy', 'class:email'] };
const direct = { name: 'direct', style: '率直に答える。', forbid: ['前向きに検討'] };
const messages = [{ role: 'user', content: 'Please answer.' }] as const;

const chainOf = (runs: number): Chain =>
  new Chain({ provider: scriptedProvider(Array.from({ length: runs }, () => ({ text: SAID }))) });

const said = async (chain: Chain): Promise<string> => (await chain.stream({ messages }).result()).text;

describe("forbid('persona')", () => {
  it('enforces what the persona that speaks forbids, from the run on in which it changes', async () => {
    const conversation = new Conversation({ chain: chainOf(4).use(forbid('persona')), persona: plain });
    const texts: string[] = [];
    const switches: (string | undefined)[] = [];
    for (const speaker of [plain, direct, undefined, plain]) {
      conversation.persona = speaker;
      const run = conversation.send('次をお願いします。');
      for await (const event of run) if (event.type === 'persona-switch') switches.push(event.to?.name);
      texts.push(run.text);
    }
    expect(texts).toEqual([
      `${MASK}, 前向きに検討, ${MASK}`,
      `Synergy, ${MASK}, me@example.com`,
      'Synergy, 前向きに検討, me@example.com',
      `${MASK}, 前向きに検討, ${MASK}`,
    ]);
    expect(switches).toEqual(['direct', undefined, 'plain']);
  });

  it('needs no second mention, on whichever side of persona() it stands', async () => {
    const expected = `${MASK}, 前向きに検討, ${MASK}`;
    await expect(said(chainOf(1).use(persona(plain)).use(forbid('persona')))).resolves.toBe(expected);
    await expect(said(chainOf(1).use(forbid('persona')).use(persona(plain)))).resolves.toBe(expected);
  });

  it('enforces what a persona inherits', async () => {
    const child = extendPersona(plain, { name: 'child', extends: 'plain', forbid: ['検討'] });
    const chain = chainOf(1).use(persona(child)).use(forbid('persona'));
    await expect(said(chain)).resolves.toBe(`${MASK}, 前向きに${MASK}, ${MASK}`);
  });

  it('enforces nothing without a persona, or where it forbids nothing', async () => {
    const silent = { name: 'silent', style: 'Be brief.' };
    await expect(said(chainOf(1).use(forbid('persona')))).resolves.toBe(SAID.join(''));
    await expect(said(chainOf(1).use(persona(silent)).use(forbid('persona')))).resolves.toBe(SAID.join(''));
  });

  it('stops when told to, in every phase, and names the entry', async () => {
    const chain = chainOf(3)
      .use(persona(direct))
      .use(forbid('persona', { action: 'stop' }))
      .use(reflect());
    const events: ChainEvent[] = [];
    for await (const event of chain.stream({ messages })) events.push(event);
    expect(events.filter(({ type }) => type === 'issue')).toMatchObject([
      { source: 'forbid', path: 'forbid[0]', phase: 'draft' },
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'done', finishReason: 'content-filter' });
  });

  it('fails the run of a persona that forbids a character of the mask, and no other run', async () => {
    const chain = chainOf(2).use(forbid('persona', { mask: '*' }));
    await expect(said(chain.use(persona(plain)))).resolves.toBe('*, 前向きに検討, *');
    const run = said(chain.use(persona({ ...plain, forbid: ['f**k', '*'] })));
    await expect(run).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it.each([undefined, 'synergy', null, 5])('refuses %s, lest nothing be enforced by mistake', (what) => {
    expect(() => forbid(what as unknown as string[])).toThrow(
      expect.objectContaining({ code: 'invalid-input' }) as Error,
    );
  });
});

describe('the guards that are kept', () => {
  const options = { mask: MASK, holdLimit: 256 };
  const speaker = (hash: string, entries: readonly string[]): Speaker => ({
    name: 'x',
    hash,
    prompt: '',
    forbid: entries,
    rubric: [],
  });

  it('are compiled once, and never those of another persona with the same hash', () => {
    const guards = new SpeakerGuards(options);
    const first = guards.of(speaker('a', ['bad']));
    expect(guards.of(speaker('a', ['bad']))).toBe(first);
    const forged = guards.of(speaker('a', ['ばか']));
    expect(forged?.entry(0)).toEqual({ kind: 'term', term: 'ばか' });
    expect(guards.size).toBe(1);
  });

  it('are bounded in number and in length, the least recently used dropped first', () => {
    const guards = new SpeakerGuards(options);
    const first = guards.of(speaker('0', ['bad']));
    for (let index = 1; index <= 40; index++) {
      guards.of(speaker(String(index), [`bad${index}`]));
      expect(guards.of(speaker('0', ['bad']))).toBe(first);
    }
    expect(guards.size).toBe(32);
    const long = speaker(
      'long',
      Array.from({ length: 201 }, () => 'x'.repeat(1000)),
    );
    const kept = guards.of(long);
    expect(guards.of(long)).toBe(kept);
    expect(guards.size).toBe(1);
    expect(guards.of(speaker('0', ['bad']))).not.toBe(first);
  });
});
