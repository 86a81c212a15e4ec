import { getEventListeners } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Chain, type Clock } from 'katamari';
import { watchPersonas, type WatchedPersonas, type WatchPersonasOptions } from 'katamari/node';
import { createHandler } from 'katamari/server';
import { FakeClock, scriptedProvider } from 'katamari/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let root = '';

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'watch-'));
});

afterAll(() => rm(root, { recursive: true }));

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(await mkdtemp(join(root, 'f-')), 'personas');
  await mkdir(folder);
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

/** As editors do it: the whole new text, under another name first. */
async function replace(file: string, text: string): Promise<void> {
  await writeFile(`${file}~`, text);
  await rename(`${file}~`, file);
}

interface Listener extends AsyncDisposable {
  readonly personas: WatchedPersonas;
  /** What was told so far. */
  readonly lines: string[];
  /** Waits for a line, for as long as the test may take. */
  told(line: string): Promise<void>;
}

/** A watch that writes down what it tells. */
async function listenTo(folder: string, options: WatchPersonasOptions = {}): Promise<Listener> {
  const lines: string[] = [];
  let wake = (): void => undefined;
  const note = (line: string): void => {
    lines.push(line);
    wake();
  };
  const personas = await watchPersonas(folder, {
    quietMs: 5,
    onChange: ({ id, before, after }) => {
      note(`${id} ${before === undefined ? 'came' : after === undefined ? 'went' : 'changed'}`);
    },
    onFault: ({ file = '', line = 0 }) => {
      note(`fault ${file.replace(`${folder}/`, '')}:${line}`);
    },
    onMended: (file) => {
      note(`mended ${file.replace(`${folder}/`, '')}`);
    },
    ...options,
  });
  const told = async (line: string): Promise<void> => {
    while (!lines.includes(line))
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
  };
  return { personas, lines, told, [Symbol.asyncDispose]: () => personas.close() };
}

/** How many watches of the kernel this process has on a folder, where the system tells (Linux). */
async function watchesOn(folder: string): Promise<number> {
  const inode = (await stat(folder)).ino.toString(16);
  const names = await readdir('/proc/self/fdinfo').catch(() => []);
  const infos = await Promise.all(
    names.map((name) => readFile(`/proc/self/fdinfo/${name}`, 'utf8').catch(() => '')),
  );
  return infos.join('').split(` ino:${inode} `).length - 1;
}

describe('watchPersonas', () => {
  it('has the personas of the folder by the names of their files, with their text', async () => {
    const folder = await folderWith({ 'b.yml': 'name: Bea', 'a.yaml': 'name: Al # 一' });
    await using watch = await listenTo(folder);
    const { personas } = watch;
    expect([...personas.keys()]).toEqual(['a', 'b']);
    expect(personas.get('a')).toEqual({ name: 'Al' });
    expect(personas.yaml('a')).toBe('name: Al # 一');
    expect([personas.get('c'), personas.yaml('c')]).toEqual([undefined, undefined]);
    expect(personas.faults.size).toBe(0);
  });

  it.each([
    ['written in place', writeFile],
    ['put in its place by a rename', replace],
  ])('sees a file that is %s', async (_how, write) => {
    const folder = await folderWith({ 'a.yaml': 'name: a\nstyle: 短く。', 'b.yaml': 'name: b' });
    await using watch = await listenTo(folder);
    const untouched = watch.personas.get('b');
    await write(join(folder, 'a.yaml'), 'name: a\nstyle: もっと短く。');
    await watch.told('a changed');
    expect(watch.personas.get('a')?.style).toBe('もっと短く。');
    expect(watch.personas.yaml('a')).toContain('もっと');
    expect(watch.personas.get('b')).toBe(untouched);
  });

  it('sees files that come, go, and take another name', async () => {
    const folder = await folderWith({ 'a.yaml': 'name: a' });
    await using watch = await listenTo(folder);
    await writeFile(join(folder, 'new.yml'), 'name: new');
    await watch.told('new came');
    await rename(join(folder, 'new.yml'), join(folder, 'other.yml'));
    await watch.told('new went');
    await watch.told('other came');
    await rm(join(folder, 'a.yaml'));
    await watch.told('a went');
    expect([...watch.personas.keys()]).toEqual(['other']);
  });

  it('keeps a persona while its file is broken, tells the fault once, and tells when it is mended', async () => {
    const folder = await folderWith({ 'a.yaml': 'name: a\nstyle: Kind.' });
    await using watch = await listenTo(folder);
    const { personas } = watch;
    const sound = personas.get('a');
    await replace(join(folder, 'a.yaml'), 'name: a\nforbid: emoji\n');
    await watch.told('fault a.yaml:2');
    expect(personas.get('a')).toBe(sound);
    expect(personas.yaml('a')).toContain('Kind.');
    const fault = personas.faults.get(join(folder, 'a.yaml'));
    expect(fault).toMatchObject({ code: 'invalid-persona', line: 2, column: 9, field: 'forbid' });
    expect(fault?.frame).toContain('> 2 | forbid: emoji');
    // Another reading finds the same fault, which is known.
    await replace(join(folder, 'b.yaml'), 'name: b');
    await watch.told('b came');
    expect(personas.faults.get(join(folder, 'a.yaml'))).toBe(fault);
    // Back to what it was: nothing has changed but the fault.
    await replace(join(folder, 'a.yaml'), 'name: a\nstyle: Kind.');
    await watch.told('mended a.yaml');
    expect(personas.get('a')).toBe(sound);
    expect(personas.faults.size).toBe(0);
    expect(watch.lines).toEqual(['fault a.yaml:2', 'b came', 'mended a.yaml']);
  });

  it('has no persona of a new file that is broken until it is mended, and no fault of one that is removed', async () => {
    const folder = await folderWith({});
    await using watch = await listenTo(folder);
    await replace(join(folder, 'a.yaml'), '- no persona');
    await replace(join(folder, 'b.yaml'), '- no persona');
    await watch.told('fault a.yaml:1');
    await watch.told('fault b.yaml:1');
    expect([...watch.personas.keys()]).toEqual([]);
    await replace(join(folder, 'a.yaml'), 'name: a');
    await rm(join(folder, 'b.yaml'));
    await watch.told('a came');
    await watch.told('mended b.yaml');
    expect([...watch.personas.keys()]).toEqual(['a']);
    expect(watch.personas.faults.size).toBe(0);
  });

  it('reads those again that extend a file', async () => {
    const folder = await folderWith({
      'root.yaml': 'name: root\nnotes: One.',
      'house.yaml': 'name: house\nextends: root.yaml',
      'child.yaml': 'name: child\nextends: house.yaml\nnotes: Mine.',
      'alone.yaml': 'name: alone',
    });
    await using watch = await listenTo(folder);
    await replace(join(folder, 'root.yaml'), 'name: root\nnotes: Two.');
    await watch.told('root changed');
    expect(watch.lines.toSorted()).toEqual(['child changed', 'house changed', 'root changed']);
    expect(watch.personas.get('child')?.notes).toBe('Two.\nMine.');
    await replace(join(folder, 'root.yaml'), 'name: root\nnotes: 3');
    await watch.told('fault root.yaml:2');
    expect(watch.personas.faults.size).toBe(1);
    expect(watch.personas.get('child')?.notes).toBe('Two.\nMine.');
    await rm(join(folder, 'root.yaml'));
    await watch.told('fault house.yaml:2');
    expect(watch.personas.get('child')?.notes).toBe('Two.\nMine.');
    expect(watch.personas.get('root')).toBeUndefined();
    await replace(join(folder, 'root.yaml'), 'name: root\nnotes: Three.');
    await watch.told('root came');
    expect(watch.personas.get('child')?.notes).toBe('Three.\nMine.');
    expect(watch.personas.faults.size).toBe(0);
  });

  it('passes over the locks and copies of editors', async () => {
    const folder = await folderWith({ 'a.yaml': 'name: a', '.hidden.yaml': '- no persona' });
    await symlink('somebody@here.1', join(folder, '.#a.yaml'));
    await writeFile(join(folder, 'a.yaml~'), '- old');
    await using watch = await listenTo(folder);
    expect([...watch.personas.keys()]).toEqual(['a']);
  });

  it('follows a ConfigMap of Kubernetes, whose files change all at once behind a link', async () => {
    const folder = await folderWith({});
    const version = async (name: string, notes: string): Promise<void> => {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'house.yaml'), `name: house\nnotes: ${notes}`);
      await writeFile(join(folder, name, 'a.yaml'), 'name: a\nextends: house.yaml');
      await symlink(name, join(folder, '..data_tmp'));
      await rename(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    await version('..2026_01', 'One.');
    await symlink('..data/a.yaml', join(folder, 'a.yaml'));
    await symlink('..data/house.yaml', join(folder, 'house.yaml'));
    await using watch = await listenTo(folder);
    expect(watch.personas.get('a')?.notes).toBe('One.');
    await version('..2026_02', 'Two.');
    await watch.told('a changed');
    expect(watch.personas.get('a')?.notes).toBe('Two.');
  });

  it('follows a folder that is removed and made again', async () => {
    const folder = await folderWith({ 'a.yaml': 'name: a' });
    await using watch = await listenTo(folder);
    await rename(folder, `${folder}-old`);
    await watch.told(`fault ${folder}:0`);
    expect(watch.personas.get('a')).toEqual({ name: 'a' });
    await mkdir(folder);
    await watch.told('a went');
    await writeFile(join(folder, 'b.yaml'), 'name: b');
    await watch.told('b came');
    await watch.told(`mended ${folder}`);
    expect([...watch.personas.keys()]).toEqual(['b']);
  });

  it('says at the start what is wrong, and watches nothing then', async () => {
    const folder = await folderWith({ 'a.yaml': 'name: a', 'b.yaml': 'nmae: b', 'a.yml': 'name: a' });
    const { signal } = new AbortController();
    await expect(watchPersonas(folder, { signal })).rejects.toMatchObject({ code: 'invalid-persona' });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(await watchesOn(folder)).toBe(0);
    await rm(join(folder, 'b.yaml'));
    await expect(watchPersonas(folder)).rejects.toThrow(/a\.yml: There is a file of this name/);
    await expect(watchPersonas(join(folder, 'nowhere'))).rejects.toThrow(/no such file or folder/);
    await expect(watchPersonas(folder, { signal: AbortSignal.abort('enough') })).rejects.toBe('enough');
  });

  it.each(['close', 'abort'] as const)('leaves nothing behind after %s', async (how) => {
    const folder = await folderWith({ 'a.yaml': 'name: a' });
    const clock = new FakeClock();
    const controller = new AbortController();
    const { signal } = controller;
    const armed = Promise.withResolvers<undefined>();
    const watch = await listenTo(folder, { signal, clock: noticing(clock, armed.resolve) });
    expect(await watchesOn(folder)).toBe(process.platform === 'linux' ? 1 : 0);
    await replace(join(folder, 'a.yaml'), 'name: b');
    await armed.promise;
    if (how === 'close') await watch.personas.close();
    else controller.abort();
    expect(clock.pending).toBe(0);
    expect(await watchesOn(folder)).toBe(0);
    expect(await watchesOn(join(folder, '..'))).toBe(0);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(watch.lines).toEqual([]);
    expect(watch.personas.get('a')).toEqual({ name: 'a' });
    await watch.personas.close();
  });

  it('waits for quiet, and not for ever', async () => {
    const folder = await folderWith({ 'a.yaml': 'name: a' });
    const clock = new FakeClock();
    let notice = (): void => undefined;
    await using watch = await listenTo(folder, { quietMs: 100, clock: noticing(clock, () => notice()) });
    const change = async (text: string): Promise<void> => {
      const noticed = new Promise<void>((resolve) => {
        notice = resolve;
      });
      await replace(join(folder, 'a.yaml'), text);
      await noticed;
    };
    await change('name: b');
    await clock.advance(99);
    await change('name: c');
    await clock.advance(99);
    expect([clock.pending, watch.lines]).toEqual([1, []]);
    for (let ms = 198; ms < 2000; ms += 99) {
      await change(`name: n${ms}`);
      await clock.advance(99);
    }
    // 20 times the quiet time have passed, never 100 ms of them in quiet.
    await watch.told('a changed');
  });

  it('is what a server asks: the next run speaks as the file says now', async () => {
    const folder = await folderWith({ 'guide.yaml': 'name: guide\nstyle: 短く答える。' });
    await using watch = await listenTo(folder);
    const provider = scriptedProvider(['はい。', 'はい。']);
    const handler = createHandler({
      chains: { default: new Chain({ provider }) },
      personas: watch.personas,
      auth: 'none',
    });
    const ask = (path: string, body?: unknown): Promise<Response> =>
      handler(
        new Request(`http://x${path}`, {
          method: body === undefined ? 'GET' : 'POST',
          headers: { 'content-type': 'application/json' },
          body: body === undefined ? null : JSON.stringify(body),
        }),
      );
    const run = { messages: [{ role: 'user', content: '営業時間は？' }], persona: 'guide' };
    await ask('/v1/runs', run);
    await replace(join(folder, 'guide.yaml'), 'name: guide\nstyle: 丁寧に答える。');
    await watch.told('guide changed');
    await ask('/v1/runs', run);
    const prompts = provider.requests.map(({ messages }) => JSON.stringify(messages[0]));
    expect(prompts[0]).toContain('短く答える。');
    expect(prompts[1]).toContain('丁寧に答える。');
    expect(await (await ask('/v1/personas/guide')).json()).toMatchObject({
      yaml: 'name: guide\nstyle: 丁寧に答える。',
    });
    await rm(join(folder, 'guide.yaml'));
    await watch.told('guide went');
    expect((await ask('/v1/runs', run)).status).toBe(404);
  });
});

/** A clock that tells when somebody begins to wait. */
function noticing(clock: Clock, notice: (value: undefined) => void): Clock {
  return {
    now: () => clock.now(),
    after(ms, callback) {
      const cancel = clock.after(ms, callback);
      notice(undefined);
      return cancel;
    },
  };
}
