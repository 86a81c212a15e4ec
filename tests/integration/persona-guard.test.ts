import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Chain, forbid, persona as personaStep, type Persona } from 'katamari';
import { loadPersonas } from 'katamari/node';
import { createHandler } from 'katamari/server';
import { scriptedProvider, type ScriptedProvider } from 'katamari/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { defaultChain } from '../../src/node/default-chain.ts';

const FILES = {
  'house.yaml': 'name: house\nforbid: [class:email, class:emoji]\n',
  'clerk.yaml': [
    'name: clerk',
    'extends: house.yaml',
    'notes: The customer is {{customer}}.',
    'variables: { customer: { type: string } }',
    'forbid: [synergy, class:phone, "/\\\\bTKT-\\\\d{4,}\\\\b/i"]',
  ].join('\n'),
  'madoguchi.yaml': [
    'name: madoguchi',
    'extends: house.yaml',
    'notes: お客様は{{customer}}様。',
    'variables: { customer: { type: string } }',
    'forbid: [社外秘, ばか, class:url, "/第[0-9]+版/"]',
  ].join('\n'),
};

const CASES = [
  {
    id: 'clerk',
    customer: 'Ms Sato',
    text: 'A ＳＹＮ​ERGY of tkt-12345: write to bob.smith@example.com 👩‍💻 or call +81 90 1234 5678. Fine.',
    guarded: 'A ███ of ███: write to ███ ███ or call ███. Fine.',
    secrets: ['ＳＹＮ', '12345', 'bob', 'example', '👩', '💻', '5678'],
  },
  {
    id: 'madoguchi',
    customer: '田中',
    text: '社​外秘です。ﾊﾞｶとバカ、第１２版はhttps://例え.jp/kaisha?x=1、連絡はinfo@例え.jpへ🇯🇵。以上。',
    guarded: '███です。███と███、███は███、連絡は███へ███。以上。',
    secrets: ['外秘', 'ﾊﾞｶ', 'バカ', '１２版', 'https', 'kaisha', 'info', '🇯'],
  },
];

/** Every UTF-16 unit by itself tears surrogate pairs, accents, flags and terms apart. */
const CHUNKS = [1, 2, 3, 7, 1000];

let folder: string;
let personas: ReadonlyMap<string, Persona>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'guard-'));
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
  personas = await loadPersonas(folder);
});

afterAll(() => rm(folder, { recursive: true }));

function inPieces(text: string, size: number): string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
    text.slice(at * size, at * size + size),
  );
}

function personaOf(id: string): Persona {
  const persona = personas.get(id);
  if (persona === undefined) throw new Error(`There is no ${id}.`);
  return persona;
}

/** A server that makes its chains as the default server does, over a provider that says what it is told. */
function serverOver(provider: ScriptedProvider): (body: object) => Promise<Response> {
  const providers = { names: ['scripted'], make: () => provider, models: [] };
  const handler = createHandler({
    chains: { default: defaultChain(providers, []) },
    personas,
    auth: 'none',
  });
  return (body) =>
    handler(
      new Request('http://x/v1/runs', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
}

describe.each(CASES)('what the persona $id forbids', ({ id, customer, text, guarded, secrets }) => {
  const messages = [{ role: 'user' as const, content: 'Hello こんにちは' }];

  it.each(CHUNKS)('is kept out by use(forbid(persona)), in pieces of %i', async (size) => {
    const provider = scriptedProvider([{ text: inPieces(text, size) }]);
    const persona = personaOf(id);
    const chain = new Chain({ provider })
      .use(personaStep(persona, { variables: { customer } }))
      .use(forbid(persona));
    let streamed = '';
    for await (const token of chain.stream({ messages }).tokens()) streamed += token;
    expect(streamed).toBe(guarded);
  });

  it('does not leave the server, in an answer, an event or a request to the critic', async () => {
    const critique = '{"verdict":"revise","score":4,"issues":[]}';
    const provider = scriptedProvider([
      { text: inPieces(text, 1) },
      critique,
      { text: inPieces(text, 2) },
      { text: inPieces(text, 3) },
    ]);
    const ask = serverOver(provider);
    const run = { messages, persona: id, variables: { customer }, reflect: { maxRounds: 1 }, stream: true };
    const sent = await (await ask(run)).text();
    expect(sent).toContain('"phase":"final"');
    // The prompt itself names the terms.
    const quoted = provider.requests.flatMap(({ messages: all }) =>
      all.filter(({ role }) => role !== 'system'),
    );
    for (const secret of secrets) {
      expect(sent).not.toContain(secret);
      expect(JSON.stringify(quoted)).not.toContain(secret);
    }
    expect(JSON.stringify(provider.requests[0])).toContain(customer);
    const issues = [...sent.matchAll(/"source":"forbid"[^\n]*?"path":"forbid\[(\d)\]"/g)].map(([, at]) => at);
    expect(new Set(issues).size).toBe(personaOf(id).forbid?.length);
    const answer = (await (await ask({ ...run, stream: false, reflect: false })).json()) as { text: string };
    expect(answer.text).toBe(guarded);
  });
});
