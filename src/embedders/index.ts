/**
 * Turning texts into vectors on this machine: without a model, or with a small one out of optional packages.
 *
 * @module
 */
export { lexicalEmbedder, type LexicalEmbedderOptions } from './lexical-embedder.ts';
export { localEmbedder, type LocalEmbedderOptions } from './local-embedder.ts';
export type { TextEmbedder } from './text-embedder.ts';
