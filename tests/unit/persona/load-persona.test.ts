import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { PersonaError } from '../../../src/errors.ts';
import { loadPersona, loadPersonas } from '../../../src/node/index.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'personas-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Writes files into a new folder. */
async function folderWith(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const made = await mkdtemp(join(folder, 'f-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(made, name), content);
  return made;
}

async function errorOf(promise: Promise<unknown>): Promise<PersonaError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PersonaError) return error;
  throw new Error('No persona error came.', { cause: error });
}

describe('loadPersona', () => {
  it('reads a file', async () => {
    expect((await loadPersona('personas/keigo-support.yaml')).forbid).toContain('なるほどですね');
  });

  it('reads one with a byte order mark', async () => {
    const made = await folderWith({ 'a.yaml': '\uFEFFname: a\r\n' });
    expect(await loadPersona(join(made, 'a.yaml'))).toEqual({ name: 'a' });
  });

  it('says when there is no such file', async () => {
    const error = await errorOf(loadPersona('personas/nobody.yaml'));
    expect(error.message).toBe('personas/nobody.yaml: There is no such file or folder.');
    expect(error).toMatchObject({ file: 'personas/nobody.yaml', line: undefined });
  });

  it('says where in the file something is wrong', async () => {
    const made = await folderWith({ 'a.yaml': 'name: a\nforbid:\n  - 1\n' });
    const file = join(made, 'a.yaml');
    const error = await errorOf(loadPersona(file));
    expect(error).toMatchObject({ file, line: 3, column: 5, field: 'forbid[0]' });
    expect(error.message.startsWith(`${file}:3:5: `)).toBe(true);
  });

  it('refuses a large file', async () => {
    const made = await folderWith({ 'a.yaml': `name: a\nnotes: ${'x'.repeat(1_000_000)}` });
    expect((await errorOf(loadPersona(join(made, 'a.yaml')))).message).toMatch(
      /has 1000015 bytes; a persona may have 1000000/,
    );
  });

  it.each([
    ['Shift_JIS', Uint8Array.of(0x6e, 0x61, 0x6d, 0x65, 0x3a, 0x20, 0x93, 0xfa, 0x96, 0x7b), /not UTF-8/],
    ['UTF-16', Uint8Array.of(0xff, 0xfe, 0x6e, 0x00), /not UTF-8/],
    ['zero bytes', Uint8Array.of(0x6e, 0x00, 0x6d, 0x00), /binary/],
  ])('refuses %s', async (_what, bytes, says) => {
    const made = await folderWith({ 'a.yaml': bytes });
    expect((await errorOf(loadPersona(join(made, 'a.yaml')))).message).toMatch(says);
  });

  it('refuses a folder and does not wait for a pipe', async () => {
    expect((await errorOf(loadPersona('personas'))).message).toMatch(/not a file/);
    const pipe = join(folder, 'pipe.yaml');
    execFileSync('mkfifo', [pipe]);
    expect((await errorOf(loadPersona(pipe))).message).toMatch(/not a file/);
  });
});

describe('extends', () => {
  it('adds a file to its parent, and that to its own', async () => {
    const made = await folderWith({
      'root.yaml': 'name: root\nnotes: One.\nforbid: [a]',
      'house.yml': 'name: house\nextends: root.yaml\nnotes: Two.\nvariables: {who: {type: string}}',
      'child.yaml': 'name: child\nextends: house.yml\nnotes: "{{who}}"\nforbid: [b]',
    });
    expect(await loadPersona(join(made, 'child.yaml'))).toEqual({
      name: 'child',
      notes: 'One.\nTwo.\n{{who}}',
      forbid: ['a', 'b'],
      variables: { who: { type: 'string' } },
    });
    expect([...(await loadPersonas(made)).keys()]).toEqual(['child', 'house', 'root']);
  });

  const chain = Object.fromEntries(
    Array.from({ length: 8 }, (_, at) => [
      `c${at}.yaml`,
      `name: c${at}\n${at > 0 ? `extends: c${at - 1}.yaml` : ''}`,
    ]),
  );
  const big = 'x'.repeat(600_000);

  it.each([
    [
      'a path upwards',
      { 'a.yaml': 'name: a\nextends: ../b.yaml' },
      /name of a persona file in the same folder/,
    ],
    ['an absolute path', { 'a.yaml': 'name: a\nextends: /etc/hosts.yaml' }, /without a path/],
    ['a path of Windows', { 'a.yaml': 'name: a\nextends: ..\\b.yaml' }, /without a path/],
    ['no YAML file', { 'a.yaml': 'name: a\nextends: b' }, /name of a persona file/],
    ['a file that is not there', { 'a.yaml': 'name: a\nextends: b.yaml' }, /There is no file «b.yaml»/],
    ['itself', { 'a.yaml': 'name: a\nextends: a.yaml' }, /circle/],
    ['a circle', { 'a.yaml': 'name: a\nextends: b.yaml', 'b.yaml': 'name: b\nextends: a.yaml' }, /circle/],
    ['a chain of six', { ...chain, 'a.yaml': 'name: a\nextends: c5.yaml' }, /upon 5 files/],
    [
      'two that are too large together',
      { 'a.yaml': `name: a\nextends: b.yaml\nnotes: ${big}`, 'b.yaml': `name: b\nnotes: ${big}` },
      /Together.*too long/,
    ],
  ])('refuses %s, with its place', async (_what, files, says) => {
    const made = await folderWith(files);
    const error = await errorOf(loadPersona(join(made, 'a.yaml')));
    expect(error.message).toMatch(says);
    expect(error).toMatchObject({ line: 2, column: 10, field: 'extends' });
    expect(error.file).toMatch(/\.yaml$/);
    expect(error.frame).toContain('> 2 | extends: ');
  });

  it('allows a chain of five', async () => {
    const made = await folderWith({ ...chain, 'a.yaml': 'name: a\nextends: c4.yaml' });
    expect(await loadPersona(join(made, 'a.yaml'))).toEqual({ name: 'a' });
  });

  it('does not follow a link out of the folder, and does follow one inside', async () => {
    const outside = await folderWith({ 'secret.yaml': 'name: secret\nnotes: hunter2' });
    const made = await folderWith({
      'a.yaml': 'name: a\nextends: link.yaml',
      'b.yaml': 'name: b\nextends: inside.yaml',
      'real.yaml': 'name: real\nnotes: Kind.',
    });
    await symlink(join(outside, 'secret.yaml'), join(made, 'link.yaml'));
    await symlink('real.yaml', join(made, 'inside.yaml'));
    const error = await errorOf(loadPersona(join(made, 'a.yaml')));
    expect(error.message).toMatch(/out of the folder/);
    expect(error.frame).not.toContain('hunter2');
    expect(await loadPersona(join(made, 'b.yaml'))).toEqual({ name: 'b', notes: 'Kind.' });
  });

  it('names the parent’s file for what is wrong in it', async () => {
    const made = await folderWith({ 'a.yaml': 'name: a\nextends: b.yaml', 'b.yaml': 'name: b\nnotes: 1' });
    expect(await errorOf(loadPersona(join(made, 'a.yaml')))).toMatchObject({
      file: join(made, 'b.yaml'),
      line: 2,
      column: 8,
    });
  });
});

describe('loadPersonas', () => {
  it('reads a folder in the order of its files', async () => {
    const personas = await loadPersonas('personas');
    expect(personas.size).toBe(16);
    expect([...personas.keys()]).toEqual([...personas.keys()].toSorted());
    expect(personas.get('gijiroku')?.name).toBe('gijiroku');
  });

  it('takes .yaml and .yml, and passes over all else', async () => {
    const made = await folderWith({
      'b.yml': 'name: first',
      'c.yaml': 'name: second',
      'a.json': '{}',
      'yaml.txt': '-',
    });
    await mkdir(join(made, 'deeper'));
    await writeFile(join(made, 'deeper', 'd.yaml'), '- bad');
    expect([...(await loadPersonas(made)).keys()]).toEqual(['first', 'second']);
  });

  it('gives nothing for a folder without personas', async () => {
    expect((await loadPersonas(await folderWith({}))).size).toBe(0);
  });

  it('names the first bad file', async () => {
    const made = await folderWith({ 'a.yaml': 'name: a', 'b.yaml': '\nnmae: b', 'c.yaml': '- c' });
    const error = await errorOf(loadPersonas(made));
    expect(error).toMatchObject({ file: join(made, 'b.yaml'), line: 2, column: 1, field: 'nmae' });
  });

  it('refuses a name that two files share, naming both', async () => {
    const made = await folderWith({ 'a.yaml': 'name: same', 'b.yaml': 'name: same' });
    const error = await errorOf(loadPersonas(made));
    expect(error).toMatchObject({ file: join(made, 'b.yaml'), field: 'name' });
    expect(error.message).toContain(`«same» is taken by ${join(made, 'a.yaml')}`);
  });

  it('says when there is no such folder', async () => {
    expect((await errorOf(loadPersonas('nowhere'))).message).toBe(
      'nowhere: There is no such file or folder.',
    );
  });
});
