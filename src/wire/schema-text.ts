import type { ResponseFormat } from '../request.ts';

/** The form of the answer in words, for hosts and models that cannot be held to a schema. */
export function schemaText({ schema }: ResponseFormat): string {
  if (schema === undefined) return 'Answer with one JSON object, and nothing else.';
  return `Answer with one JSON object, and nothing else, that matches this JSON Schema:\n${JSON.stringify(schema)}`;
}
