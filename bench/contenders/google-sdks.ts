import type { Protocol } from '../../src/testing/wire-answer.ts';
import { API_KEY, cannot, MODELS, oncePerRoot, tellTexts, type Answer } from '../harness/contender.ts';
import { loadPeer } from '../harness/load-peer.ts';

/** As much of `@google/genai` as is used. */
interface GenAi {
  readonly GoogleGenAI: new (options: object) => {
    readonly models: {
      generateContentStream(body: object): Promise<AsyncIterable<{ readonly text?: string }>>;
    };
  };
}

/** As much of `@google/generative-ai` as is used. */
interface GenerativeAi {
  readonly GoogleGenerativeAI: new (key: string) => {
    getGenerativeModel(
      model: object,
      options: object,
    ): {
      generateContentStream(
        prompt: string,
        options: object,
      ): Promise<{ readonly stream: AsyncIterable<{ text(): string }> }>;
    };
  };
}

export async function genai(protocol: Protocol): Promise<Answer> {
  if (protocol !== 'google-generate') return cannot('@google/genai', protocol);
  const { GoogleGenAI } = await loadPeer<GenAi>('@google/genai');
  const clientOf = oncePerRoot(
    (root) => new GoogleGenAI({ apiKey: API_KEY, httpOptions: { baseUrl: root } }),
  );
  return async (root, told, signal) => {
    const config = signal === undefined ? {} : { config: { abortSignal: signal } };
    const body = { model: MODELS[protocol], contents: 'Hi', ...config };
    await tellTexts(await clientOf(root).models.generateContentStream(body), told, ({ text }) => text);
  };
}

export async function generativeAi(protocol: Protocol): Promise<Answer> {
  if (protocol !== 'google-generate') return cannot('@google/generative-ai', protocol);
  const { GoogleGenerativeAI } = await loadPeer<GenerativeAi>('@google/generative-ai');
  const client = new GoogleGenerativeAI(API_KEY);
  const modelOf = oncePerRoot((root) =>
    client.getGenerativeModel({ model: MODELS[protocol] }, { baseUrl: root }),
  );
  return async (root, told, signal) => {
    const { stream } = await modelOf(root).generateContentStream(
      'Hi',
      signal === undefined ? {} : { signal },
    );
    await tellTexts(stream, told, (chunk) => chunk.text());
  };
}
