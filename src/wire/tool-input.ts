import { asRecord, type JsonRecord } from './json-record.ts';

/**
 * The arguments of a tool call as the object that some protocols demand. Text that is no JSON object, as a model may have written it, is kept
 * under `arguments`.
 */
export function toToolInput(text: string): JsonRecord {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return asRecord(value) ?? { arguments: value };
  } catch {
    return { arguments: text };
  }
}
