import { asRecord, asText } from '../json-record.ts';

/** A piece of content that came as a list. */
export interface ContentPart {
  readonly isThought: boolean;
  readonly text: string;
}

/**
 * Content as a list of parts, which is how Mistral (`thinking`) and Databricks (`reasoning`) think aloud. Other kinds of parts, such as
 * references, are passed over.
 */
export function readContentParts(parts: readonly unknown[]): ContentPart[] {
  const found: ContentPart[] = [];
  for (const item of parts) {
    const part = asRecord(item);
    if (part?.['type'] === 'text') found.push({ isThought: false, text: asText(part['text']) ?? '' });
    if (part?.['type'] === 'thinking') found.push({ isThought: true, text: joinTexts(part['thinking']) });
    if (part?.['type'] === 'reasoning') found.push({ isThought: true, text: joinTexts(part['summary']) });
  }
  return found;
}

function joinTexts(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  return value.map((item) => asText(asRecord(item)?.['text']) ?? '').join('');
}
