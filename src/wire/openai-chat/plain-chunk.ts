import type { PlainForm } from '../event-template.ts';
import { asRecord, type JsonRecord } from '../json-record.ts';

/** Chunks that say nothing but text: no reason, usage, error, thought, refusal or tool call, and one choice only. */
export const plainChunk: PlainForm = {
  key: 'content',
  // OpenAI's padding, which hides the length of a chunk.
  passing: ['obfuscation'],
  textOf(chunk) {
    const { choices, model } = chunk;
    if (!Array.isArray(choices) || choices.length !== 1 || typeof model !== 'string' || model === '')
      return undefined;
    if (!areEmpty(chunk, ['usage', 'x_groq', 'error', 'type']) || chunk['object'] === 'error')
      return undefined;
    const choice = asRecord(choices[0]);
    const delta = asRecord(choice?.['delta']);
    if (choice === undefined || delta === undefined) return undefined;
    if (choice['index'] !== 0 || !areEmpty(choice, ['finish_reason', 'error', 'object', 'type']))
      return undefined;
    const others = Object.keys(delta).filter((key) => key !== 'content' && key !== 'role');
    const content = delta['content'];
    return typeof content === 'string' && areEmpty(delta, others) ? content : undefined;
  },
};

function areEmpty(record: JsonRecord, fields: readonly string[]): boolean {
  return fields.every((field) => record[field] === undefined || record[field] === null);
}
