/**
 * Any language model of the Vercel AI SDK as a provider.
 *
 * @module
 */
export { aiSdk, type AiSdkOptions } from './ai-sdk-provider.ts';
export type { AiSdkModel, SupportedUrls } from './language-model.ts';
