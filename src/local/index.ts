/**
 * The embedded default provider: answers from the conversation, without a language model.
 *
 * @module
 */
export { local, type LocalOptions } from './local-provider.ts';
