import type { Contender } from '../harness/contender.ts';

/** Who takes part, by name. Each is loaded in its own process only. */
export const contenders: Readonly<Record<string, Contender>> = {
  bare: async (protocol) => (await import('./bare.ts')).bare(protocol),
  katamari: async (protocol) => (await import('./katamari.ts')).katamari(protocol),
  'katamari reflect': async (protocol) => (await import('./katamari-reflect.ts')).katamariReflect(protocol),
  'bare, three calls': async (protocol) => (await import('./bare.ts')).bareThreeCalls(protocol),
  'AI SDK, three calls': async (protocol) => (await import('./ai-sdk.ts')).aiSdkThreeCalls(protocol),
  'openai SDK': async (protocol) => (await import('./openai-sdk.ts')).openaiSdk(protocol),
  'Anthropic SDK': async (protocol) => (await import('./anthropic-sdk.ts')).anthropicSdk(protocol),
  '@google/genai': async (protocol) => (await import('./google-sdks.ts')).genai(protocol),
  '@google/generative-ai': async (protocol) => (await import('./google-sdks.ts')).generativeAi(protocol),
  'AI SDK': async (protocol) => (await import('./ai-sdk.ts')).aiSdk(protocol),
  LangChain: async (protocol) => (await import('./langchain.ts')).langChain(protocol),
  'pi-ai': async (protocol) => (await import('./pi-ai.ts')).piAi(protocol),
  'TanStack AI': async (protocol) => (await import('./tanstack.ts')).tanStack(protocol),
  Mastra: async (protocol) => (await import('./mastra.ts')).mastra(protocol),
  'OpenAI Agents': async (protocol) => (await import('./openai-agents.ts')).openaiAgents(protocol),
};
