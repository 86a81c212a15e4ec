import { readFileSync } from 'node:fs';

import * as fc from 'fast-check';
import { dump } from 'js-yaml';
import { describe, expect, it } from 'vitest';

import { PersonaError } from '../../../src/errors.ts';
import { parsePersona } from '../../../src/persona/parse-persona.ts';
import { findPersonaFault } from '../../../src/persona/persona-fault.ts';
import { personaJsonSchema, personaSchema } from '../../../src/persona/persona-schema.ts';
import { persona as personaStep } from '../../../src/persona/persona-step.ts';
import { anyPersona } from './personas.ts';

function errorOf(source: unknown, file = 'p.yaml'): PersonaError {
  try {
    parsePersona(source, { file });
  } catch (error) {
    if (error instanceof PersonaError) return error;
    throw error;
  }
  throw new Error('It was read without an error.');
}

/** Whether a text is read, or the name of what is thrown. */
function outcomeOf(source: string): string {
  try {
    parsePersona(source);
    return 'read';
  } catch (error) {
    return error instanceof Error ? error.name : typeof error;
  }
}

interface BadFile {
  readonly what: string;
  readonly source: string;
  readonly at: readonly [line: number | undefined, column: number | undefined];
  readonly field?: string;
  readonly says: RegExp;
}

const bad: readonly BadFile[] = [
  { what: 'an empty file', source: '', at: [1, 1], says: /no persona here.*name: …/ },
  { what: 'a file of comments', source: '# name: a\n# b\n', at: [1, 1], says: /no persona here/ },
  { what: 'an empty document', source: '---\n', at: [1, 1], says: /no persona here/ },
  { what: 'a list', source: '# c\n- name: a\n', at: [2, 1], says: /mapping and not as a list/ },
  { what: 'a text', source: 'personas/a.yaml', at: [1, 1], says: /loadPersona/ },
  { what: 'a number', source: '\n 12\n', at: [2, 2], says: /this is a number/ },
  { what: 'no name', source: 'style: a\n', at: [1, 1], field: 'name', says: /name is missing/ },
  { what: 'an empty name', source: 'name: ""\n', at: [1, 7], field: 'name', says: /name is empty/ },
  { what: 'a blank name', source: "name: ' '\n", at: [1, 7], field: 'name', says: /name is empty/ },
  { what: 'a name of null', source: 'style: a\nname:\n', at: [2, 1], field: 'name', says: /name is empty/ },
  { what: 'a name of two lines', source: 'name: "a\\nb"\n', at: [1, 7], field: 'name', says: /one line/ },
  { what: 'a name in a block', source: 'name: | # x\n  a\n', at: [1, 7], field: 'name', says: /one line/ },
  {
    what: 'a long name',
    source: `name: ${'あ'.repeat(101)}\n`,
    at: [1, 7],
    field: 'name',
    says: /at most 100/,
  },
  { what: 'a number as name', source: 'name: 123\n', at: [1, 7], field: 'name', says: /Quote it: "123"/ },
  {
    what: 'a boolean as style',
    source: 'name: a\nstyle: true\n',
    at: [2, 8],
    field: 'style',
    says: /Quote it: "true"/,
  },
  {
    what: 'a mapping as style',
    source: 'name: a\nstyle: {a: b}\n',
    at: [2, 8],
    field: 'style',
    says: /not a mapping/,
  },
  {
    what: 'a list as notes',
    source: 'name: a\nnotes:\n  - b\n',
    at: [3, 3],
    field: 'notes',
    says: /not a list/,
  },
  { what: 'a style of null', source: 'name: a\nstyle:\n', at: [2, 1], field: 'style', says: /leave it out/ },
  { what: 'a written null', source: 'name: a\nnotes: ~\n', at: [2, 8], field: 'notes', says: /leave it out/ },
  {
    what: 'an unknown key',
    source: 'name: a\nforbidd: [b]\n',
    at: [2, 1],
    field: 'forbidd',
    says: /Unknown key «forbidd».*has schema, name, version, language, extends, style, forbid, notes, .* and rubric\..*Did you mean «forbid»\?/,
  },
  { what: 'a transposed key', source: 'nmae: a\n', at: [1, 1], field: 'nmae', says: /Did you mean «name»/ },
  { what: 'a key in capitals', source: 'Name: a\n', at: [1, 1], field: 'Name', says: /Did you mean «name»/ },
  {
    what: 'a longer key',
    source: 'name: a\nforbidden: [b]',
    at: [2, 1],
    field: 'forbidden',
    says: /«forbid»\?/,
  },
  {
    what: 'a key in Japanese',
    source: 'name: a\n禁止語: [b]',
    at: [2, 1],
    field: '禁止語',
    says: /Unknown key «禁止語»(?!.*mean)/,
  },
  {
    what: '__proto__',
    source: 'name: a\n__proto__: {}',
    at: [2, 1],
    field: '__proto__',
    says: /Unknown key/,
  },
  { what: 'a merge key', source: 'name: a\n<<: {style: b}', at: [2, 1], field: '<<', says: /Unknown key/ },
  {
    what: 'forbid as a text',
    source: 'name: a\nforbid: "emoji"\n',
    at: [2, 9],
    field: 'forbid',
    says: /forbid: \["emoji"\]/,
  },
  {
    what: 'forbid of null',
    source: 'name: a\nforbid:\n',
    at: [2, 1],
    field: 'forbid',
    says: /forbid is empty/,
  },
  {
    what: 'forbid as a mapping',
    source: 'name: a\nforbid: {a: b}\n',
    at: [2, 9],
    field: 'forbid',
    says: /list of terms/,
  },
  {
    what: 'a number in forbid',
    source: 'name: a\nforbid:\n  - b\n  - 42\n',
    at: [4, 5],
    field: 'forbid[1]',
    says: /"42"/,
  },
  {
    what: 'a number in brackets',
    source: 'name: a\nforbid: [b, "c", 42]\n',
    at: [2, 18],
    field: 'forbid[2]',
    says: /"42"/,
  },
  {
    what: 'an element left out',
    source: 'name: a\nforbid:\n  - b\n  -\n  - c\n',
    at: [4, 3],
    field: 'forbid[1]',
    says: /empty/,
  },
  {
    what: 'a first element left out',
    source: 'name: a\nforbid:\n  -\n',
    at: [3, 3],
    field: 'forbid[0]',
    says: /empty/,
  },
  {
    what: 'an empty term',
    source: 'name: a\nforbid: [b, ""]\n',
    at: [2, 13],
    field: 'forbid[1]',
    says: /is empty/,
  },
  {
    what: 'a term in a block',
    source: 'name: a\nforbid:\n- |\n  b\n',
    at: [3, 3],
    field: 'forbid[0]',
    says: /one line/,
  },
  {
    what: 'a mapping in forbid',
    source: 'name: a\nforbid:\n  - a: b\n',
    at: [3, 5],
    field: 'forbid[0]',
    says: /not a mapping/,
  },
  {
    what: 'an aliased number',
    source: 'name: &n 1\nstyle: *n\n',
    at: [1, 7],
    field: 'name',
    says: /Quote it/,
  },
  {
    what: 'an alias where a list belongs',
    source: 'name: &n a\nforbid: *n\n',
    at: [2, 9],
    field: 'forbid',
    says: /must be a list/,
  },
  {
    what: 'duplicate keys',
    source: 'name: a\nstyle: b\nname: c\n',
    at: [3, 1],
    field: 'name',
    says: /second time/,
  },
  { what: 'two documents', source: 'name: a\n---\nname: b\n', at: [2, 1], says: /second document/ },
  {
    what: 'two documents, the first marked',
    source: '---\nname: a\n---\nname: b\n',
    at: [3, 1],
    says: /second document/,
  },
  { what: 'an empty second document', source: 'name: a\n---\n', at: [2, 1], says: /second document/ },
  {
    what: '10,000 aliases',
    source: `name: &a b\nforbid: [${Array(10_000).fill('*a').join(',')}]`,
    at: [2, 310],
    says: /too many aliases/,
  },
  { what: 'an unknown alias', source: 'name: a\nforbid:\n  - *b*\n', at: [3, 5], says: /begins with «\*»/ },
  { what: 'a tag', source: 'name: !!js/function a\n', at: [1, 7], says: /Tags/ },
  {
    what: 'a tab before a list element',
    source: 'name: a\nforbid:\n\t- b\n',
    at: [3, 1],
    says: /not with tabs/,
  },
  { what: 'a tab before a key', source: '\tname: a\n', at: [1, 1], says: /not with tabs/ },
  { what: 'a zero byte', source: 'name: a\u0000b\n', at: [1, 8], says: /binary/ },
  { what: 'a control character', source: 'name: a\nstyle: \u0001b\n', at: [2, 8], says: /control character/ },
  {
    what: 'a colon in a text',
    source: 'name: a\nstyle: Be brief: no fluff\n',
    at: [2, 16],
    says: /in quotes/,
  },
  { what: 'an open quote', source: 'name: "a\n', at: [2, 1], says: /not closed/ },
  { what: 'an open bracket', source: 'name: a\nforbid: [b\n', at: [3, 1], says: /not closed/ },
  {
    what: 'a hundred and one brackets',
    source: `name: ${'['.repeat(200)}`,
    at: [1, 106],
    says: /nested too deeply/,
  },
  { what: 'a byte order mark', source: '\uFEFFnmae: a\n', at: [1, 1], field: 'nmae', says: /name/ },
  {
    what: 'Windows line ends',
    source: 'name: a\r\nstyle: |\r\n  b\r\n\r\n  c\r\nnotes: 1\r\n',
    at: [6, 8],
    field: 'notes',
    says: /"1"/,
  },
  { what: 'old Macintosh line ends', source: 'name: a\rnotes: 1\r', at: [2, 8], field: 'notes', says: /"1"/ },
  {
    what: 'emoji before it',
    source: 'name: a\nforbid: ["😀", 1]\n',
    at: [2, 16],
    field: 'forbid[1]',
    says: /"1"/,
  },
  {
    what: 'too many bytes',
    source: `name: a\nnotes: ${'あ'.repeat(333_400)}`,
    at: [undefined, undefined],
    says: /too large.*1000000/,
  },
];

describe('parsePersona', () => {
  it.each(bad)('refuses $what', ({ source, at, field, says }) => {
    const error = errorOf(source);
    expect([error.line, error.column]).toEqual(at);
    expect(error.field).toBe(field);
    expect(error.message).toMatch(says);
    expect(error.code).toBe('invalid-persona');
    expect(error.message.startsWith(at[0] === undefined ? 'p.yaml: ' : `p.yaml:${at.join(':')}: `)).toBe(
      true,
    );
    expect(error.message.length).toBeLessThan(400);
  });

  it('says nothing of a file when it knows of none', () => {
    expect(() => parsePersona('name: 1')).toThrow(/^1:7: name must be a text/);
  });

  it.each([
    ['a byte order mark', '\uFEFFname: a\nstyle: b\n'],
    ['Windows line ends', 'name: a\r\nstyle: b\r\n'],
    ['an end mark', '---\nname: a\nstyle: b\n...\n# the end\n'],
    ['an alias or two', 'name: &n a\nstyle: b\n'],
    ['JSON', '{"name": "a", "style": "b"}'],
  ])('reads a file with %s', (_what, source) => {
    expect(parsePersona(source)).toEqual({ name: 'a', style: 'b' });
  });

  it('reads what YAML 1.1 would take for something else as the text it is', () => {
    expect(parsePersona('name: yes\nstyle: 2026-06-10\nforbid: [no, on, 1:30]\n')).toEqual({
      name: 'yes',
      style: '2026-06-10',
      forbid: ['no', 'on', '1:30'],
    });
  });

  it.each([
    [null, undefined, /no persona here/],
    [['a'], undefined, /not as a list/],
    [12, undefined, /this is a number/],
    [{ name: 'a', forbid: 'emoji' }, 'forbid', /forbid: \["emoji"\]/],
    [{ name: 'a', forbid: ['b', 1] }, 'forbid[1]', /must be a text/],
    [{ name: 'a', notes: null }, 'notes', /leave it out/],
    [{ name: 'a', styl: 'b' }, 'styl', /Did you mean «style»/],
    [{ name: 'a', notes: 'b'.repeat(600_000), style: 'c'.repeat(600_000) }, undefined, /too long/],
    [{ name: 'a', forbid: Array(100_001).fill('b') }, 'forbid', /at most 100000/],
  ])('checks an object, without a line', (value, field, says) => {
    const error = errorOf(value);
    expect(error).toMatchObject({ line: undefined, column: undefined, field });
    expect(error.message).toMatch(says);
  });

  it('takes a key that is undefined as left out', () => {
    const persona = parsePersona({ name: 'a', style: undefined });
    expect(Object.keys(persona)).toEqual(['name']);
  });

  it('does not lose what zod passes over', () => {
    expect(errorOf('name: a\nvariables:\n  __proto__: {type: string}\n')).toMatchObject({
      line: 3,
      column: 3,
      field: 'variables.__proto__',
    });
  });

  it('gives an object of its own', () => {
    const forbid = ['b'];
    const persona = parsePersona({ name: 'a', forbid });
    forbid.push('c');
    expect(persona.forbid).toEqual(['b']);
  });

  it('bounds what aliases can make of a small file', () => {
    const source = `name: a\nstyle: &s ${'x'.repeat(900_000)}\nforbid: [*s, *s, *s]\n`;
    expect(errorOf(source).message).toMatch(/too long/);
  });

  it.each([
    ['format.json', 'format:\n  json:\n', 'format.json'],
    ['a place where a text belongs', 'examples:\n  - user: a\n    assistant:\n', 'examples[0].assistant'],
    ['an unknown key', 'bomb:\n  - of:\n', 'bomb'],
  ])('does not unfold aliases that double fifty times, in %s', (_where, head, field) => {
    const levels = Array.from(
      { length: 50 },
      (_, at) => `      l${at + 1}: &l${at + 1} [*l${at}, *l${at}]\n`,
    );
    const bomb = `name: a\n${head}      l0: &l0 [x]\n${levels.join('')}`;
    const startedAt = performance.now();
    expect(errorOf(bomb)).toMatchObject({ field, message: expect.any(String) as string });
    // As an object, which has no aliases to be counted.
    let shared: unknown = ['x'];
    for (let level = 0; level < 50; level++) shared = [shared, shared];
    expect(() => personaStep({ name: 'a', format: { json: { shared } } })).toThrow(/too large/);
    expect(findPersonaFault({ name: 'a', format: { json: { shared } } })?.message).toMatch(/JSON Schema/);
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it('gives back what was dumped', () => {
    fc.assert(
      fc.property(anyPersona, (persona) => {
        expect(parsePersona(dump(persona))).toEqual(persona);
      }),
    );
  });

  it('never throws anything but a PersonaError, whatever the text', () => {
    const outcomes = new Set<string>();
    const pieces = fc.constantFrom(
      'name: a\n',
      'name',
      ': ',
      '\n',
      '- ',
      '  ',
      '\t',
      '"',
      "'",
      '[',
      '{',
      ']',
      '|',
      '>',
      '&a ',
      '*a',
      '!!x ',
      '# ',
      '---\n',
      '\r\n',
      'あ',
      '? ',
      '%',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
        outcomes.add(outcomeOf(parts.join('')));
      }),
      { numRuns: 500 },
    );
    expect([...outcomes].toSorted()).toEqual(['PersonaError', 'read']);
  });
});

describe('the schema and the check by hand', () => {
  const scalar = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 5 }),
    fc.constantFrom(
      'a',
      '',
      ' ',
      '\n',
      'a\nb',
      '\u0085',
      'a\u2028',
      '😀'.repeat(100),
      '😀'.repeat(101),
      'a'.repeat(100),
      null,
      undefined,
      1,
      true,
    ),
    fc.constantFrom({}, [], new Date(0), new Map(), () => undefined),
  );
  const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 4 }));
  /** A mapping of such keys, with values that are often right. */
  const near1 = (keys: readonly string[]) => {
    const good = fc.constantFrom(
      'string',
      'number',
      'boolean',
      'a',
      '{{a}}',
      'ja',
      0,
      1,
      2,
      23,
      0.5,
      true,
      ['a'],
      [1, 2],
      { a: 1 },
      { a: [true] },
    );
    const field = fc.oneof({ weight: 4, arbitrary: good }, { weight: 1, arbitrary: value });
    return fc.record(Object.fromEntries(keys.map((key) => [key, field])), { requiredKeys: [] });
  };
  const fields = {
    name: scalar,
    style: value,
    forbid: value,
    notes: value,
    version: scalar,
    language: fc.oneof(fc.constantFrom('en', 'ja', 'fr'), scalar),
    rubric: value,
    schema: fc.oneof(fc.constant(1), scalar),
    extends: scalar,
    variables: fc.oneof(
      fc.dictionary(
        fc.constantFrom('a', '顧客', 'b c', 'toString'),
        fc.oneof(near1(['type', 'default']), value),
        { maxKeys: 2 },
      ),
      value,
    ),
    examples: fc.oneof(fc.array(near1(['user', 'assistant']), { maxLength: 2 }), value),
    format: fc.oneof(near1(['maxWords', 'headings', 'json']), value),
    when: fc.oneof(
      fc.array(
        fc.record(
          { if: fc.oneof(near1(['language', 'hour', 'model', 'variables']), value), style: value },
          { requiredKeys: [] },
        ),
        { maxLength: 2 },
      ),
      value,
    ),
    model: fc.oneof(near1(['openai', ' ']), value),
    sampling: fc.oneof(near1(['temperature', 'topP', 'seed']), value),
    other: value,
    ['__proto__']: value,
  };
  /** A name, and one or two other fields. */
  const near = fc
    .tuple(fc.record(fields), fc.subarray(Object.keys(fields), { minLength: 1, maxLength: 2 }))
    .map(([all, keys]) =>
      Object.fromEntries([['name', 'a'], ...Object.entries(all).filter(([key]) => keys.includes(key))]),
    );

  it('agree', () => {
    const seen = { accepted: new Set<string>(), refused: new Set<string>() };
    fc.assert(
      fc.property(
        fc.oneof(
          { weight: 8, arbitrary: near },
          { weight: 1, arbitrary: value },
          { weight: 2, arbitrary: anyPersona },
        ),
        (candidate) => {
          const accepted = personaSchema.safeParse(candidate).success;
          const fault = findPersonaFault(candidate);
          expect([fault, fault === undefined]).toEqual([fault, accepted]);
          for (const key of Object.keys(candidate ?? {})) seen[accepted ? 'accepted' : 'refused'].add(key);
        },
      ),
      { numRuns: 4000 },
    );
    const keys = Object.keys(fields).filter((key) => key !== '__proto__' && key !== 'other');
    expect([...seen.accepted]).toEqual(expect.arrayContaining(keys));
    expect([...seen.refused]).toEqual(expect.arrayContaining(keys));
  });

  it.each([
    ['a hole in forbid', { name: 'a', forbid: Array<string>(1) }],
    ['an inherited key', Object.assign(Object.create({ extra: 1 }) as object, { name: 'a' })],
    ['a total that is too large', { name: 'a', style: 'b'.repeat(999_999), notes: 'c' }],
    ['too many terms', { name: 'a', forbid: Array(100_001).fill('b') }],
  ])('both refuse %s', (_what, candidate) => {
    expect(personaSchema.safeParse(candidate).success).toBe(false);
    expect(findPersonaFault(candidate)).toBeDefined();
  });

  it('both accept the largest', () => {
    const largest = {
      name: 'a',
      style: 'b'.repeat(499_999),
      forbid: Array(100_000).fill('cccc'),
      notes: 'd'.repeat(100_000),
    };
    expect(personaSchema.safeParse(largest).success).toBe(true);
    expect(findPersonaFault(largest)).toBeUndefined();
  });
});

describe('personas/', () => {
  it('has a JSON Schema that is up to date (tools/write-persona-schema.ts)', () => {
    const schema = personaJsonSchema();
    expect(readFileSync('personas/persona.schema.json', 'utf8')).toBe(`${JSON.stringify(schema, null, 2)}\n`);
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      additionalProperties: false,
      required: ['name'],
      properties: { style: { description: expect.any(String) as string } },
    });
  });
});
