import { readFileSync } from 'node:fs';

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import { PersonaError } from '../../../src/errors.ts';
import type { ChainEvent } from '../../../src/event.ts';
import type { Message } from '../../../src/message.ts';
import { compilePersona } from '../../../src/persona/compile-persona.ts';
import type { PersonaStepOptions } from '../../../src/persona/persona-step-options.ts';
import { persona } from '../../../src/persona/persona-step.ts';
import type { Persona } from '../../../src/persona/persona.ts';
import { scriptedProvider } from '../../../src/testing/index.ts';
import { anyPersona } from './personas.ts';

const brief: Persona = { name: 'brief', style: 'Be brief.', forbid: ['LGTM'] };
const prompt: Message = { role: 'system', content: compilePersona(brief) };
const user: Message = { role: 'user', content: 'Hello' };
const system: Message = { role: 'system', content: 'Today is Monday.' };

/** What the provider is asked, and what the consumer reads. */
async function ask(messages: readonly Message[], who: Persona, options?: PersonaStepOptions) {
  const provider = scriptedProvider(['Hi']);
  const events: ChainEvent[] = [];
  const chain = new Chain({ provider }).use(persona(who, options));
  for await (const event of chain.stream({ messages })) events.push(event);
  return { sent: provider.requests[0]?.messages, events };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}

/** Packages that a file imports, also by way of other files. */
function packagesOf(file: URL, seen = new Set<string>()): string[] {
  if (seen.has(file.href)) return [];
  seen.add(file.href);
  const source = readFileSync(file, 'utf8');
  return [...source.matchAll(/^(?:import|export) (?!type)[^;]*?from '([^']+)';/gm)].flatMap(
    ([, target = '']) => (target.startsWith('.') ? packagesOf(new URL(target, file), seen) : [target]),
  );
}

describe('persona()', () => {
  it('puts the prompt first, and leaves the systems of the caller as they are', async () => {
    const { sent } = await ask([system, user], brief);
    expect(sent).toEqual([prompt, system, user]);
    expect(sent?.[1]).toBe(system);
  });

  it('puts it behind the first systems where that is asked for', async () => {
    expect((await ask([system, user, system], brief, { position: 'after-system' })).sent).toEqual([
      system,
      prompt,
      user,
      system,
    ]);
    expect((await ask([user], brief, { position: 'after-system' })).sent).toEqual([prompt, user]);
    expect((await ask([system], brief, { position: 'after-system' })).sent).toEqual([system, prompt]);
  });

  it.each([
    ['first' as const, [prompt, system, user]],
    ['after-system' as const, [system, prompt, user]],
  ])('does not double a prompt that stands there already (%s)', async (position, messages) => {
    expect((await ask(messages, brief, { position })).sent).toEqual(messages);
  });

  it('doubles nothing when it stands twice in a chain', async () => {
    const provider = scriptedProvider(['Hi']);
    const run = new Chain({ provider })
      .use(persona(brief))
      .use(persona(brief))
      .stream({ messages: [user] });
    expect((await run.result()).text).toBe('Hi');
    expect(provider.requests[0]?.messages).toEqual([prompt, user]);
  });

  it('says who speaks, and that it was at work', async () => {
    const { events } = await ask([user], brief);
    expect(events[0]).toMatchObject({ type: 'run-start', steps: ['persona'], labels: { persona: 'brief' } });
    expect(events.filter(({ type }) => type.startsWith('step-'))).toMatchObject([
      { step: 'persona' },
      { step: 'persona' },
    ]);
    expect(events.filter(({ type }) => type === 'issue')).toEqual([]);
  });

  it('tells what is odd about the persona at every run', async () => {
    const provider = scriptedProvider(['Hi']);
    const chain = new Chain({ provider }).use(persona({ name: 'a', style: 'LGTM!', forbid: ['LGTM'] }));
    for (const req_id of ['one', 'two']) {
      const issues: ChainEvent[] = [];
      for await (const event of chain.stream({ messages: [user], req_id }))
        if (event.type === 'issue') issues.push(event);
      expect(issues).toMatchObject([
        { req_id, source: 'persona', code: 'forbidden-term-in-persona', severity: 'warning', path: 'style' },
      ]);
    }
  });

  it('is made once: a change of the object afterwards changes nothing', async () => {
    const changing = { name: 'brief', style: 'Be brief.', forbid: ['LGTM'] };
    const step = persona(changing);
    changing.style = 'Be long.';
    changing.forbid.push('OK');
    const provider = scriptedProvider(['Hi']);
    await new Chain({ provider })
      .use(step)
      .stream({ messages: [user] })
      .result();
    expect(provider.requests[0]?.messages[0]).toEqual(prompt);
  });

  it.each([
    [undefined, undefined, /no persona.*loadPersona/],
    ['brief.yaml', undefined, /loadPersona/],
    [[], 'name', /no persona/],
    [{}, 'name', /no persona/],
    [{ name: 'a\nb' }, 'name', /one line/],
    [{ name: 'a', version: 2 }, 'version', /one line/],
    [{ name: 'a', style: () => 'b' }, undefined, /what JSON can’t hold/],
    [{ name: 'a', style: 'b'.repeat(600_000), notes: 'c'.repeat(600_000) }, undefined, /too large/],
    [{ name: 'a', extends: 'b.yaml' }, 'extends', /loadPersona.*extendPersona/],
  ])('refuses %j when it is made', (value, field, says) => {
    const make = () => persona(value as unknown as Persona);
    expect(make).toThrow(PersonaError);
    expect(make).toThrow(says);
    expect(make).toThrow(expect.objectContaining({ field, code: 'invalid-persona' }));
  });

  it.each([
    [{ name: 'a', forbid: 'LGTM' }, 'forbid', /must be a list/],
    [{ name: 'a', forbid: ['class:emojis'] }, 'forbid[0]', /class:emoji,/],
    [{ name: 'a', style: 3 }, 'style', /must be a text/],
    [{ name: 'a', nots: 'b' }, 'nots', /Did you mean «notes»/],
    [{ name: 'a', variables: { seats: { type: 'number' } } }, 'variables.seats', /has no value/],
  ])('refuses %j with every run, before anything is sent', async (value, field, says) => {
    const provider = scriptedProvider(['Hi']);
    const chain = new Chain({ provider }).use(persona(value as unknown as Persona));
    for (let run = 1; run <= 2; run++) {
      const error: unknown = await chain
        .stream({ messages: [user] })
        .result()
        .catch((error: unknown) => error);
      expect(error).toBeInstanceOf(PersonaError);
      expect(error).toMatchObject({
        field,
        code: 'invalid-persona',
        message: expect.stringMatching(says) as string,
      });
    }
    expect(provider.requests).toEqual([]);
  });

  it('refuses a position that it does not know', () => {
    expect(() => persona(brief, { position: 'last' as 'first' })).toThrow(/'first' or 'after-system'/);
  });

  it('works in a chain for every persona, and leaves what it was given as it was', async () => {
    const position = fc.constantFrom('first' as const, 'after-system' as const);
    await fc.assert(
      fc.asyncProperty(
        anyPersona,
        position,
        fc.array(fc.constantFrom(system, user)),
        async (who, position, before) => {
          const given = deepFreeze(structuredClone({ who, messages: [...before, user] }));
          const { sent } = await ask(given.messages, given.who, { position });
          const content = compilePersona(who);
          expect(sent?.filter((message) => message.content === content)).toHaveLength(1);
          expect(sent?.filter((message) => message.content !== content)).toEqual([...before, user]);
          expect(given).toEqual({ who, messages: [...before, user] });
        },
      ),
    );
  });
});

describe('what the step loads', () => {
  it('is neither zod nor js-yaml, neither at once nor late', () => {
    for (const file of ['persona-step.ts', 'apply-persona.ts'])
      expect(packagesOf(new URL(`../../../src/persona/${file}`, import.meta.url))).toEqual([]);
    const all = packagesOf(new URL('../../../src/persona/index.ts', import.meta.url));
    expect(all).toEqual(expect.arrayContaining(['zod', 'js-yaml']));
  });
});
