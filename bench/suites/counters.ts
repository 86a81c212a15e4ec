import { readFileSync } from 'node:fs';

import type * as Tokens from '../../src/tokens/index.ts';
import { loadPeer } from '../harness/load-peer.ts';

/** Counts the tokens of a text by o200k_base. */
export type Count = (text: string) => number;

const NO_SPECIAL = { disallowedSpecial: new Set<string>() };

interface GptTokenizer {
  readonly countTokens: (text: string, options: object) => number;
}

interface JsTiktoken {
  readonly Tiktoken: new (ranks: unknown) => {
    encode(text: string, allowed: never[], disallowed: never[]): number[];
  };
}

interface Tiktoken {
  readonly get_encoding: (name: string) => { encode_ordinary(text: string): Uint32Array };
}

interface Hypertok {
  readonly fromBytes: (bytes: Uint8Array) => Promise<{ encodeSync(text: string): Uint32Array }>;
}

/** Who counts, by name; each loads what it needs when it is called. */
export const counters: Readonly<Record<string, () => Promise<Count>>> = {
  katamari: async () => {
    const { loadEncoding } = await loadPeer<typeof Tokens>('katamari/tokens');
    const counter = await loadEncoding('o200k_base');
    return (text) => counter.count(text);
  },
  'gpt-tokenizer': async () => {
    const { countTokens } = await loadPeer<GptTokenizer>('gpt-tokenizer/encoding/o200k_base');
    return (text) => countTokens(text, NO_SPECIAL);
  },
  'js-tiktoken': async () => {
    const { Tiktoken } = await loadPeer<JsTiktoken>('js-tiktoken/lite');
    const { default: ranks } = await loadPeer<{ default: unknown }>('js-tiktoken/ranks/o200k_base');
    const encoder = new Tiktoken(ranks);
    return (text) => encoder.encode(text, [], []).length;
  },
  'tiktoken (WASM)': async () => {
    const { get_encoding } = await loadPeer<Tiktoken>('tiktoken');
    const encoder = get_encoding('o200k_base');
    return (text) => encoder.encode_ordinary(text).length;
  },
  'hypertok (WASM)': async () => {
    const { fromBytes } = await loadPeer<Hypertok>('hypertok');
    const { vocabulary } = await loadPeer<{ vocabulary: URL }>('@hypertok/vocab-o200k');
    const tokenizer = await fromBytes(readFileSync(vocabulary));
    return (text) => tokenizer.encodeSync(text).length;
  },
};
