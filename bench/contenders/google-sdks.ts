import type { Protocol } from '../../src/testing/wire-answer.ts';
import { API_KEY, cannot, MODELS, tellTexts, type Answer } from '../harness/contender.ts';
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
  return async (root, told, signal) => {
    const client = new GoogleGenAI({ apiKey: API_KEY, httpOptions: { baseUrl: root } });
    const config = signal === undefined ? {} : { config: { abortSignal: signal } };
    const body = { model: MODELS[protocol], contents: 'Hi', ...config };
    await tellTexts(await client.models.generateContentStream(body), told, ({ text }) => text);
  };
}

export async function generativeAi(protocol: Protocol): Promise<Answer> {
  if (protocol !== 'google-generate') return cannot('@google/generative-ai', protocol);
  const { GoogleGenerativeAI } = await loadPeer<GenerativeAi>('@google/generative-ai');
  return async (root, told, signal) => {
    const client = new GoogleGenerativeAI(API_KEY);
    const model = client.getGenerativeModel({ model: MODELS[protocol] }, { baseUrl: root });
    const { stream } = await model.generateContentStream('Hi', signal === undefined ? {} : { signal });
    await tellTexts(stream, told, (chunk) => chunk.text());
  };
}
