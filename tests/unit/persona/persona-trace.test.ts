import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import { Conversation } from '../../../src/conversation.ts';
import type { ChainEvent } from '../../../src/event.ts';
import { requestLog } from '../../../src/log/request-log.ts';
import { compilePersona } from '../../../src/persona/compile-persona.ts';
import { personaHash } from '../../../src/persona/persona-hash.ts';
import { persona } from '../../../src/persona/persona-step.ts';
import type { Persona } from '../../../src/persona/persona.ts';
import type { Speaker } from '../../../src/provider.ts';
import { rewriteStep } from '../../../src/rewrite-step.ts';
import type { Run } from '../../../src/run.ts';
import { scriptedProvider } from '../../../src/testing/index.ts';
import { anyPersona } from './personas.ts';

const messages = [{ role: 'user', content: 'Hello' }] as const;
const alpha: Persona = {
  name: 'alpha',
  version: '1.2.0',
  style: 'Alpha.',
  forbid: ['LGTM'],
  rubric: ['Is it brief?'],
};
const beta: Persona = { name: 'beta', style: '簡潔に。' };

async function eventsOf(run: Run): Promise<ChainEvent[]> {
  const events: ChainEvent[] = [];
  for await (const event of run) events.push(event);
  return events;
}

function switchesOf(events: readonly ChainEvent[]) {
  return events.flatMap((event, at) => (event.type === 'persona-switch' ? [{ at, event }] : []));
}

describe('personaHash', () => {
  it('is 16 hexadecimal digits that stay the same from version to version', () => {
    expect(personaHash({ name: 'a' })).toBe('dc9761c51fa05a73');
    expect(personaHash({ name: 'あ', forbid: ['b'] })).toBe('18c403336767ce22');
  });

  it('does not depend on the order of keys, and does on everything else', () => {
    fc.assert(
      fc.property(anyPersona, anyPersona, (one, other) => {
        const reversed = Object.fromEntries(Object.entries(one).toReversed()) as unknown as Persona;
        expect(personaHash(reversed)).toBe(personaHash(one));
        expect(personaHash(one)).toMatch(/^[0-9a-f]{16}$/);
        const sorted = (who: Persona) =>
          JSON.stringify(Object.entries(who).toSorted(([a], [b]) => (a < b ? -1 : 1)));
        expect(personaHash(one) === personaHash(other)).toBe(sorted(one) === sorted(other));
      }),
    );
  });

  it('tells a hundred thousand personas apart that differ in a character', () => {
    const hashes = Array.from({ length: 100_000 }, (_, index) => personaHash({ name: `persona ${index}` }));
    expect(new Set(hashes).size).toBe(100_000);
    // No digit is idle.
    for (let at = 0; at < 16; at++) expect(new Set(hashes.map((hash) => hash[at])).size).toBe(16);
  });
});

describe('who spoke', () => {
  it('stands in run-start, attempt-start, the run’s record and the request log', async () => {
    const hash = personaHash(alpha);
    const named = { persona: 'alpha', persona_hash: hash, persona_version: '1.2.0' };
    const records: object[] = [];
    const chain = new Chain({
      provider: scriptedProvider(['Hi']),
      observers: [
        requestLog({ info: (record) => records.push(record) }),
        { end: (record) => records.push(record.labels) },
      ],
    }).use(persona(alpha));
    const events = await eventsOf(chain.stream({ messages }));
    expect(events[0]).toMatchObject({ type: 'run-start', labels: named });
    expect(events.find(({ type }) => type === 'attempt-start')).toMatchObject(named);
    expect(records).toEqual([expect.objectContaining(named), named]);
  });

  it('leaves a run without a persona without a name', async () => {
    const records: object[] = [];
    const chain = new Chain({
      provider: scriptedProvider(['Hi']),
      observers: [requestLog({ info: (record) => records.push(record) })],
    });
    const events = await eventsOf(chain.stream({ messages }));
    expect(events.find(({ type }) => type === 'attempt-start')).not.toHaveProperty('persona');
    expect(records).toMatchObject([{ persona: null, persona_hash: null, persona_version: null }]);
  });

  it('is told to the steps behind, with the prompt, the forbidden entries and the rubric', async () => {
    const heard: (Speaker | undefined)[] = [];
    const listen = rewriteStep({
      name: 'listen',
      stage: 'call',
      rewrite: (request, context) => {
        heard.push(context.persona);
        return request;
      },
    });
    const chain = new Chain({ provider: scriptedProvider(['Hi']) });
    await chain.use(listen).use(persona(alpha)).stream({ messages }).result();
    await chain.use(listen).use(persona(beta)).stream({ messages }).result();
    await chain.use(listen).stream({ messages }).result();
    expect(heard).toEqual([
      {
        name: 'alpha',
        version: '1.2.0',
        hash: personaHash(alpha),
        prompt: compilePersona(alpha),
        forbid: ['LGTM'],
        rubric: ['Is it brief?'],
      },
      { name: 'beta', hash: personaHash(beta), prompt: compilePersona(beta), forbid: [], rubric: [] },
      undefined,
    ]);
    expect(compilePersona(alpha)).not.toContain('Is it brief?');
  });
});

describe('a conversation that changes its persona', () => {
  const chain = new Chain({ provider: scriptedProvider(['Hi']) });

  it('tells of it in the next run, as the second event, and once', async () => {
    const conversation = new Conversation({ chain, persona: alpha });
    expect(switchesOf(await eventsOf(conversation.send('1')))).toEqual([]);
    conversation.persona = beta;
    expect(switchesOf(await eventsOf(conversation.send('2', { req_id: 'two' })))).toEqual([
      {
        at: 1,
        event: {
          type: 'persona-switch',
          req_id: 'two',
          from: { name: 'alpha', hash: personaHash(alpha), version: '1.2.0' },
          to: { name: 'beta', hash: personaHash(beta) },
        },
      },
    ]);
    expect(switchesOf(await eventsOf(conversation.send('3')))).toEqual([]);
  });

  it('tells of a change to nobody and from nobody, and of a change of text under one name', async () => {
    const conversation = new Conversation({ chain, persona: alpha });
    const told: unknown[] = [];
    for (const next of [
      undefined,
      beta,
      { ...beta, style: '丁寧に。' },
      { style: '丁寧に。', name: 'beta' },
    ]) {
      conversation.persona = next;
      const [found] = switchesOf(await eventsOf(conversation.send('?')));
      told.push(
        found === undefined ? 'nothing' : [found.event.from?.name ?? null, found.event.to?.name ?? null],
      );
    }
    expect(told).toEqual([['alpha', null], [null, 'beta'], ['beta', 'beta'], 'nothing']);
  });

  it('tells of it after a run that was never read, and after JSON and back', async () => {
    const conversation = new Conversation({ chain, persona: alpha });
    await conversation.send('1').result();
    conversation.persona = beta;
    conversation.send('never read');
    const restored = Conversation.fromJSON(JSON.parse(JSON.stringify(conversation)), { chain });
    expect(switchesOf(await eventsOf(conversation.send('2')))).toHaveLength(1);
    expect(switchesOf(await eventsOf(restored.send('2')))).toMatchObject([
      { event: { from: { name: 'alpha' } } },
    ]);
    restored.persona = undefined;
    await restored.send('3').result();
    const again = Conversation.fromJSON(JSON.parse(JSON.stringify(restored)), { chain });
    again.persona = alpha;
    expect(switchesOf(await eventsOf(again.send('4')))).toMatchObject([{ event: { from: null } }]);
  });

  it('keeps nothing about personas where there never was one', async () => {
    const conversation = new Conversation({ chain });
    await conversation.send('1').result();
    expect(conversation.toJSON().state).toEqual({});
  });
});
