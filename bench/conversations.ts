/** Long conversations with questions whose evidence is known, for the benchmarks of trimming. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

import type { Role } from '../src/message.ts';

const GET_THE_DATA = `No conversations found. This benchmark reads <set>.jsonl from a folder (--data DIR), one conversation a line:
  { id, lang, messages: [{ id, role, name?, content }], questions: [{ question, answer, evidence: [message id] }] }
It does not carry the data. The sets it was developed on can be made from
  qmsum-val     QMSum by Yale-LILY (MIT), validation split: each turn a message, "relevant_text_span" of a specific query its evidence
                https://github.com/Yale-LILY/QMSum
  jaquad-train  JaQuAD by Skelter Labs (CC BY-SA 3.0), train split: passages as the turns of a conversation, the question's passage its evidence
                https://github.com/SkelterLabsInc/JaQuAD`;

/** A conversation of a set. */
export interface Conversation {
  readonly messages: readonly {
    readonly id: string;
    readonly role: Role;
    readonly name?: string;
    readonly content: string;
  }[];
  readonly questions: readonly { readonly question: string; readonly evidence: readonly string[] }[];
}

/** Where the sets are looked for. */
export const DATA_FOLDER = join(import.meta.dirname, '../../shared/data/trim');

const NO_SPECIAL = { disallowedSpecial: new Set<string>() };

/** Tokens of a text by o200k_base. */
export function tokensOf(text: string): number {
  return countTokens(text, NO_SPECIAL);
}

/** Reads a set, or ends the process with a word on where to get it. */
export function readConversations(folder: string, set: string): Conversation[] {
  const path = resolve(folder, `${set}.jsonl`);
  if (!existsSync(path)) {
    console.error(`${path} is missing. ${GET_THE_DATA}`);
    process.exit(1);
  }
  return readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Conversation);
}
