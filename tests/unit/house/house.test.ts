import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

import { describe, expect, it } from 'vitest';

/*
 * The rooms of the house and who may know whom. A room is a folder of src/, or `ground` for the vocabulary that lies in src/ itself;
 * the files on top (`index`, `chain`, `run`, `conversation`) have names of their own. Type imports count.
 */
const MAY_KNOW: Readonly<Record<string, readonly string[]>> = {
  index: ['*'],
  cli: ['*'],
  conversation: ['chain', 'run', 'persona', 'ground'],
  chain: ['run', 'run/', 'ground'],
  run: ['run/', 'ground'],
  'run/': ['tokens', 'ground'],
  testing: ['chain', 'run', 'http', 'wire', 'ground'],
  node: [
    'chain',
    'embedders',
    'local',
    'models',
    'persona',
    'providers',
    'reflect',
    'server',
    'tokens',
    'trim',
    'ground',
  ],
  server: ['chain', 'run', 'sse', 'persona', 'trim', 'models', 'tokens', 'ground'],
  persona: ['text', 'tokens', 'ground'],
  trim: ['text', 'tokens', 'ground'],
  prethought: ['structured', 'text', 'ground'],
  reflect: ['structured', 'ground'],
  local: ['text', 'tokens', 'ground'],
  providers: ['http', 'wire', 'models', 'tokens', 'ground'],
  http: ['wire', 'ground'],
  wire: ['tokens', 'ground'],
  'ai-sdk': ['http', 'wire', 'ground'],
  embedders: ['text', 'ground'],
  reliability: ['ground'],
  redis: ['sse', 'ground'],
  sse: ['http', 'wire', 'run/', 'ground'],
  scorers: ['structured', 'text', 'ground'],
  structured: ['ground'],
  models: ['tokens', 'ground'],
  log: ['ground'],
  otel: ['ground'],
  prometheus: ['ground'],
  tokens: ['text', 'ground'],
  text: [],
  ground: [],
};

const ON_TOP = new Set(['index', 'conversation', 'chain', 'run']);

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replaceAll('\\', '/'));

function importsOf(file: string): string[] {
  const source = readFileSync(join('src', file), 'utf8').replaceAll(/\/\*[^]*?\*\//g, '');
  return [...source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

/** What is loaded with the file: no type imports, no `import()`. */
function staticImportsOf(file: string): string[] {
  if (!file.endsWith('.ts')) return [];
  const source = readFileSync(join('src', file), 'utf8').replaceAll(/\/\*[^]*?\*\//g, '');
  const statements = source.match(/^(?:import|export)\b(?! type\b)[^;]*? from '[^']+';/gm) ?? [];
  return statements
    .filter((statement) => !/\{(?:\s*type \w+,?)+\s*\}/.test(statement))
    .map((statement) => /from '([^']+)';$/.exec(statement)?.[1] ?? '');
}

function roomOf(file: string): string {
  const [first = '', ...rest] = file.split('/');
  if (rest.length > 0) return first === 'run' ? 'run/' : first;
  const name = first.replace(/\.ts$/, '');
  return ON_TOP.has(name) ? name : 'ground';
}

const arrows = files.flatMap((file) =>
  importsOf(file)
    .filter((target) => target.startsWith('.'))
    .map((target) => ({ file, target: normalize(join(dirname(file), target)).replaceAll('\\', '/') })),
);

describe('the house', () => {
  it('has only rooms that are on the plan', () => {
    expect(files.filter((file) => !Object.hasOwn(MAY_KNOW, roomOf(file)))).toEqual([]);
  });

  it('has arrows that go down only', () => {
    const wrong = arrows.filter(({ file, target }) => {
      const [from, to] = [roomOf(file), roomOf(target)];
      const known = MAY_KNOW[from] ?? [];
      return from !== to && !known.includes(to) && !known.includes('*');
    });
    expect(wrong).toEqual([]);
  });

  it('has no circles', () => {
    const next = Map.groupBy(arrows, ({ file }) => file);
    const done = new Set<string>();
    const circles: string[][] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file]);
      if (path.includes(file) || done.has(file)) return;
      for (const { target } of next.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });

  it('does not let the vendors and the protocols know one another', () => {
    const protocol = (file: string) => /^wire\/([^/]+)\//.exec(file)?.[1];
    const wrong = arrows.filter(({ file, target }) => {
      const [from, to] = [protocol(file), protocol(target)];
      return from !== undefined && to !== undefined && from !== to;
    });
    expect(wrong).toEqual([]);
  });

  it('imports node: only in the command line, katamari/node and katamari/testing/node', () => {
    const doors = files.filter((file) => importsOf(file).some((target) => target.startsWith('node:')));
    expect(
      doors.filter((file) => !['cli', 'node'].includes(roomOf(file)) && !file.startsWith('testing/node/')),
    ).toEqual([]);
  });

  it('imports no tokenizer table and no vendor SDK statically', () => {
    const heavy = /^import(?:(?!type)[^(;])*'(?:gpt-tokenizer|openai|@anthropic-ai|@google)/m;
    expect(files.filter((file) => heavy.test(readFileSync(join('src', file), 'utf8')))).toEqual([]);
  });

  it('loads no package at all for the root entry', () => {
    const reached = new Set<string>();
    const visit = (file: string): void => {
      if (reached.has(file)) return;
      reached.add(file);
      for (const target of staticImportsOf(file))
        visit(target.startsWith('.') ? join(dirname(file), target) : target);
    };
    visit('index.ts');
    expect([...reached].filter((name) => !name.endsWith('.ts'))).toEqual([]);
  });

  it('has one door to the network and one to the environment', () => {
    const uses = (pattern: RegExp) =>
      files.filter((file) => pattern.test(readFileSync(join('src', file), 'utf8')));
    expect(
      uses(/\bglobalThis\.fetch\b|\bfetch\(/).filter((file) => !['http', 'testing'].includes(roomOf(file))),
    ).toEqual([]);
    expect(
      uses(/process\??\.env\b/).filter((file) => !['providers', 'node', 'cli'].includes(roomOf(file))),
    ).toEqual([]);
    expect(uses(/\bconsole\./)).toEqual([]);
  });

  it('has a face that defines nothing and that nobody in src imports', () => {
    const face = readFileSync('src/index.ts', 'utf8').replaceAll(/\/\*[^]*?\*\//g, '');
    expect(face.replaceAll(/export (type )?\{[^}]*\} from '[^']+';/g, '').trim()).toBe('');
    expect(arrows.filter(({ target }) => target === 'index.ts')).toEqual([]);
  });
});
