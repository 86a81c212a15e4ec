import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import type { Message } from '../../../src/message.ts';
import { fileArchive } from '../../../src/node/file-archive.ts';
import { scriptedProvider } from '../../../src/testing/scripted-provider.ts';
import { memoryArchive } from '../../../src/trim/archive.ts';
import { trim } from '../../../src/trim/trim.ts';

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'katamari-archive-'));
  path = join(folder, 'archive.jsonl');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const parcel: Message = { role: 'user', content: 'My parcel has the number ZX-4711.' };
const inn: Message = { role: 'user', content: '京都の宿は二条旅館です。\n二泊します。' };
const said: readonly Message[] = [
  parcel,
  { role: 'assistant', content: 'Noted, the parcel.' },
  inn,
  { role: 'assistant', content: [{ type: 'text', text: '承知しました。' }] },
];

const textOf = (messages: readonly Message[]): string =>
  messages.map((message) => `${JSON.stringify(message)}\n`).join('');
const lines = async (): Promise<string[]> => (await readFile(path, 'utf8')).split('\n').slice(0, -1);
const found = async (query: string, limit?: number): Promise<Message[]> =>
  (await fileArchive(path).find(query, limit)).map(({ message }) => message);

describe('fileArchive', () => {
  it.each([
    ['parcel number', parcel],
    ['京都の旅館はどこ？', inn],
  ])('finds in a new process what another one stored: %s', async (query, wanted) => {
    await fileArchive(path).store(said);
    expect((await found(query))[0]).toEqual(wanted);
    expect(await found('submarine')).toEqual([]);
  });

  it('ranks as the archive in memory does', async () => {
    const memory = memoryArchive();
    await memory.store(said);
    await fileArchive(path).store(said);
    for (const query of ['the parcel', '宿は承知', 'ZX-4711 noted'])
      expect(await fileArchive(path).find(query)).toEqual(await memory.find(query));
  });

  it('takes what a trim leaves out, once, also over two processes', async () => {
    const messages: Message[] = [...said, { role: 'user', content: 'Tell me a joke.' }];
    for (let n = 0; n < 2; n += 1) {
      const archive = fileArchive(path);
      const step = trim({ targetTokens: 20, strategy: 'recent', archive });
      const chain = new Chain({ provider: scriptedProvider(['fine', 'fine']) }).use(step);
      await chain.stream({ messages }).result();
      await chain.stream({ messages: structuredClone(messages) }).result();
      expect((await archive.find('parcel number'))[0]?.message).toEqual(parcel);
    }
    expect((await lines()).map((line) => JSON.parse(line) as Message)).toEqual(said);
  });

  it('only adds to the file, and only for its owner to read', async () => {
    await fileArchive(path).store([parcel]);
    const before = await readFile(path, 'utf8');
    await fileArchive(path).store([inn, parcel]);
    expect(await readFile(path, 'utf8')).toBe(`${before}${JSON.stringify(inn)}\n`);
    expect((await stat(path)).mode & 0o077).toBe(0);
  });

  it('loses the line that was being written when the process died, and no other', async () => {
    await fileArchive(path).store(said);
    const { size } = await stat(path);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: size }), async (left) => {
        await writeFile(path, textOf(said));
        await truncate(path, left);
        const ends = said.map((_, n) => Buffer.byteLength(textOf(said.slice(0, n + 1))) - 1);
        const whole = ends.filter((end) => end <= left).length;
        const archive = fileArchive(path);
        await archive.store([{ role: 'user', content: 'a new thing' }]);
        const all = await fileArchive(path).find('parcel noted 京都の宿 承知しました a new thing', 10);
        expect(all.map(({ message }) => message)).toEqual(
          expect.arrayContaining([...said.slice(0, whole), { role: 'user', content: 'a new thing' }]),
        );
        expect(all).toHaveLength(whole + 1);
      }),
      { numRuns: 60 },
    );
  });

  it('passes over lines that are no messages', async () => {
    const odd = ['', 'null', '[]', '{"role":"boss","content":"parcel"}', '{"role":"user","content":5}'];
    await writeFile(
      path,
      [...odd, '{"role":"user","content":[null]}', JSON.stringify(parcel), ''].join('\n'),
    );
    expect(await found('parcel')).toEqual([parcel]);
  });

  it('keeps writes at the same time apart', async () => {
    const archive = fileArchive(path);
    const many = Array.from({ length: 40 }, (_, n): Message => ({
      role: 'user',
      content: `thing${n} parcel`,
    }));
    await Promise.all(many.map(async (message) => archive.store([message, parcel])));
    const stored = (await lines()).map((line) => JSON.parse(line) as Message);
    expect(stored).toHaveLength(41);
    expect((await archive.find('thing39'))[0]?.message).toEqual(many[39]);
  });

  it('reads no more than the end of a large file, from a whole line on', async () => {
    await fileArchive(path).store([parcel, inn]);
    const bytes = Buffer.byteLength(`${JSON.stringify(inn)}\n`);
    for (const [maxReadBytes, count] of [
      [bytes - 1, 0],
      [bytes, 1],
      [bytes + 1, 1],
      [10 * bytes, 2],
    ] as const) {
      const hits = await fileArchive(path, { maxReadBytes }).find('parcel 京都');
      expect(hits).toHaveLength(count);
    }
  });

  it('neither writes nor chokes on a line of many megabytes', async () => {
    const image = { type: 'image', image: `data:image/png;base64,${'A'.repeat(5_000_000)}` } as const;
    const huge: Message = {
      role: 'user',
      content: [{ type: 'text', text: 'a parcel with a picture' }, image],
    };
    await fileArchive(path).store([huge, parcel]);
    expect(await lines()).toEqual([JSON.stringify(parcel)]);
    await appendFile(path, `${JSON.stringify(huge)}\n${JSON.stringify(inn)}\n`);
    expect(await found('京都')).toEqual([inn]);
    expect(await found('picture')).toEqual([]);
  });

  it('forgets the older half in memory, as told, and keeps it in the file', async () => {
    const archive = fileArchive(path, { maxMessages: 4 });
    for (let n = 0; n < 9; n += 1) await archive.store([{ role: 'user', content: `thing${n} parcel` }]);
    expect(await archive.find('parcel', 10)).toHaveLength(3);
    expect(await found('parcel', 10)).toHaveLength(9);
  });

  it('touches no file before the first call', async () => {
    const archive = fileArchive(join(folder, 'later', 'archive.jsonl'));
    expect(await archive.find('anything')).toEqual([]);
    await expect(archive.store([parcel])).rejects.toMatchObject({
      code: 'invalid-input',
      message: expect.stringMatching(/folder does not exist/) as string,
    });
  });

  it('stores a message after a failed write, when it comes again', async () => {
    const archive = fileArchive(folder);
    await expect(archive.store([parcel])).rejects.toMatchObject({ code: 'invalid-input' });
    await rm(folder, { recursive: true });
    await archive.store([parcel]);
    expect((await readFile(folder, 'utf8')).trim()).toBe(JSON.stringify(parcel));
  });
});
