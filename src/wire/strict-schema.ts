import { asRecord } from './json-record.ts';

/**
 * Whether a schema can be held word for word: every object in it names all of its properties as required and allows no others. That is what
 * OpenAI's `strict` mode asks for.
 */
export function isStrictSchema(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.every(isStrictSchema);
  const record = asRecord(schema);
  if (record === undefined) return true;
  const properties = asRecord(record['properties']);
  if (record['type'] === 'object' || properties !== undefined) {
    const required: unknown = record['required'];
    const names = Object.keys(properties ?? {});
    if (record['additionalProperties'] !== false) return false;
    if (!names.every((name) => Array.isArray(required) && required.includes(name))) return false;
  }
  const inner = [record['items'], record['anyOf'], record['oneOf'], record['allOf']];
  const named = [properties, asRecord(record['$defs']), asRecord(record['definitions'])];
  return [...inner, ...named.flatMap((group) => Object.values(group ?? {}))].every(isStrictSchema);
}
