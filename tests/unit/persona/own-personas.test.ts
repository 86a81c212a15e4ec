import { expect, it } from 'vitest';

import type { Persona } from '../../../src/index.ts';
import { loadPersona } from '../../../src/node/load-persona.ts';
import { loadPersonas } from '../../../src/node/load-personas.ts';
import { lintPersona } from '../../../src/persona/lint-persona.ts';
import { renderPersona } from '../../../src/persona/render-persona.ts';

const personas = await loadPersonas('personas');

it('finds the personas that come with the package by the package’s name', async () => {
  await expect(loadPersona('katamari/personas/keigo-support.yaml')).resolves.toMatchObject({
    name: 'keigo-support',
  });
  await expect(loadPersona('katamari/personas/nobody.yaml')).rejects.toMatchObject({
    code: 'invalid-persona',
    message: expect.stringMatching(/personas\/nobody\.yaml/) as string,
  });
});

it('has sixteen, each in a file of its name', async () => {
  expect(personas.size).toBe(16);
  for (const [name, persona] of personas)
    expect(await loadPersona(`katamari/personas/${name}.yaml`)).toEqual(persona);
});

it.each([...personas.keys()])('has nothing to lint in %s, which needs no value to speak', async (name) => {
  const persona = personas.get(name) ?? { name };
  expect(await lintPersona(persona, { models: ['gpt-5-mini'] })).toEqual([]);
  const { prompt } = renderPersona(persona);
  expect(prompt).toContain(name);
  expect(prompt).not.toContain('{{');
});

it('shows what a file can say, in both languages', () => {
  const fields = ['version', 'variables', 'examples', 'format', 'when', 'rubric'] as const;
  const isJapanese = ({ style = '' }: Persona): boolean => /[ぁ-ん]/.test(style);
  for (const field of fields) {
    const having = [...personas.values()].filter((persona) => persona[field] !== undefined);
    expect([field, new Set(having.map(isJapanese)).size]).toEqual([field, 2]);
  }
  for (const kind of [/^class:/, /^\/.*\/$/]) {
    const having = [...personas.values()].filter(({ forbid = [] }) =>
      forbid.some((entry) => kind.test(entry)),
    );
    expect(new Set(having.map(isJapanese)).size).toBe(2);
  }
});

it('has two that add to another', () => {
  const [reviewer, parent] = [personas.get('security-reviewer'), personas.get('code-reviewer')];
  expect(reviewer?.forbid).toEqual([...(parent?.forbid ?? []), 'unhackable', 'security through obscurity']);
  expect(personas.get('keigo-owabi')?.forbid).toContain('了解しました');
});

it('speaks as values and conditions say', () => {
  const support = personas.get('keigo-support') ?? { name: '' };
  const chat = renderPersona(support, { variables: { 商品名: 'かたまり便', 媒体: 'チャット' } });
  expect(chat.prompt).toContain('「かたまり便」');
  expect(chat.prompt).toContain('一度に三文まで');
  expect(renderPersona(support).prompt).not.toContain('一度に三文まで');
  const night = renderPersona(personas.get('support-agent') ?? { name: '' }, { hour: 23 });
  expect(night.prompt).toContain('after 08:00');
});
