import type { Protocol } from '../../src/testing/wire-answer.ts';
import { API_KEY, MODELS, oncePerRoot, QUESTION, tellAll, type Answer } from '../harness/contender.ts';
import { loadPeer } from '../harness/load-peer.ts';

type LanguageModel = object;

/** As much of `ai` as is used. */
interface AiSdk {
  readonly streamText: (options: object) => { readonly textStream: AsyncIterable<string> };
}

interface OpenAIModels {
  readonly createOpenAI: (options: object) => {
    chat(model: string): LanguageModel;
    responses(model: string): LanguageModel;
  };
}

interface AnthropicModels {
  readonly createAnthropic: (options: object) => (model: string) => LanguageModel;
}

interface GoogleModels {
  readonly createGoogleGenerativeAI: (options: object) => (model: string) => LanguageModel;
}

/** What makes a model of a protocol, at an address. */
async function modelsOf(protocol: Protocol): Promise<(root: string) => LanguageModel> {
  const model = MODELS[protocol];
  if (protocol === 'anthropic-messages') {
    const { createAnthropic } = await loadPeer<AnthropicModels>('@ai-sdk/anthropic');
    return (root) => createAnthropic({ apiKey: API_KEY, baseURL: `${root}/v1` })(model);
  }
  if (protocol === 'google-generate') {
    const { createGoogleGenerativeAI } = await loadPeer<GoogleModels>('@ai-sdk/google');
    return (root) => createGoogleGenerativeAI({ apiKey: API_KEY, baseURL: `${root}/v1beta` })(model);
  }
  const { createOpenAI } = await loadPeer<OpenAIModels>('@ai-sdk/openai');
  return (root) => {
    const models = createOpenAI({ apiKey: API_KEY, baseURL: `${root}/v1` });
    return protocol === 'openai-chat' ? models.chat(model) : models.responses(model);
  };
}

/** `streamText` with a system prompt, read as text. */
export async function aiSdk(protocol: Protocol): Promise<Answer> {
  const { streamText } = await loadPeer<AiSdk>('ai');
  const connect = oncePerRoot(await modelsOf(protocol));
  return (root, told, abortSignal) => {
    const options = { model: connect(root), messages: QUESTION, maxRetries: 0 };
    return tellAll(streamText({ ...options, ...(abortSignal && { abortSignal }) }).textStream, told);
  };
}

/** A reflection as one writes it by hand over `streamText`: each call gets what the one before it wrote. */
export async function aiSdkThreeCalls(protocol: Protocol): Promise<Answer> {
  const { streamText } = await loadPeer<AiSdk>('ai');
  const connect = oncePerRoot(await modelsOf(protocol));
  return async (root, told, abortSignal) => {
    const model = connect(root);
    const write = async (prompt: string, tell: (text: string) => void): Promise<string> => {
      const texts: string[] = [];
      const options = { model, prompt, maxRetries: 0, ...(abortSignal && { abortSignal }) };
      for await (const text of streamText(options).textStream) {
        texts.push(text);
        tell(text);
      }
      return texts.join('');
    };
    const silent = (): void => undefined;
    const draft = await write('Hi', silent);
    const critique = await write(`Review this draft of an answer to «Hi»:\n\n${draft}`, silent);
    await write(`Write the final answer to «Hi».\n\nDraft:\n${draft}\n\nReview:\n${critique}`, told);
  };
}
