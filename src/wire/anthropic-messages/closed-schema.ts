import type { JsonSchema } from '../../request.ts';
import { asRecord } from '../json-record.ts';

/** Keywords that are sent as they are. */
const plain = new Set([
  'type',
  'enum',
  'const',
  'description',
  'title',
  'required',
  '$ref',
  'additionalProperties',
]);
const ofSchemas = new Set(['properties', '$defs', 'definitions']);
const formats = new Set([
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'uri',
  'ipv4',
  'ipv6',
  'uuid',
]);

/**
 * A schema in the part of JSON Schema that the models are held to: objects closed, and bounds such as `maxLength` said in the description,
 * where they are advice. `undefined` where that would change what fits, as with an object of any keys.
 *
 * Closing an object narrows it, so every answer still fits the schema that was asked for.
 */
export function closedSchema(schema: JsonSchema): JsonSchema | undefined {
  const closed: Record<string, unknown> = {};
  const advice: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === '$schema') continue;
    const kept = keep(key, value);
    if (kept === 'impossible') return undefined;
    if (kept === undefined) advice[key] = value;
    else closed[key === 'oneOf' ? 'anyOf' : key] = kept.value;
  }
  if (isObject(schema)) {
    if (schema['properties'] === undefined) return undefined;
    closed['additionalProperties'] = false;
  }
  if (Object.keys(advice).length > 0) {
    const text = JSON.stringify(advice);
    const own = schema['description'];
    closed['description'] = typeof own === 'string' ? `${own}\n\n${text}` : text;
  }
  return closed;
}

type Kept = { readonly value: unknown } | 'impossible' | undefined;

/** What becomes of one keyword; `undefined` where it can only be advice. */
function keep(key: string, value: unknown): Kept {
  if (key === 'additionalProperties' && asRecord(value) !== undefined) return 'impossible';
  if (key === 'patternProperties') return 'impossible';
  if (plain.has(key)) return { value };
  if (key === 'items') return within(value);
  if (key === 'anyOf' || key === 'oneOf' || key === 'allOf')
    return Array.isArray(value) ? listWithin(value) : undefined;
  if (ofSchemas.has(key)) return recordWithin(value);
  const isSupported =
    (key === 'format' && formats.has(String(value))) || (key === 'minItems' && (value === 0 || value === 1));
  return isSupported ? { value } : undefined;
}

function within(value: unknown): Kept {
  const schema = asRecord(value);
  const closed = schema === undefined ? undefined : closedSchema(schema);
  return closed === undefined ? 'impossible' : { value: closed };
}

function listWithin(values: readonly unknown[]): Kept {
  const kept = values.map(within);
  return kept.includes('impossible')
    ? 'impossible'
    : { value: kept.map((item) => asRecord(item)?.['value']) };
}

function recordWithin(value: unknown): Kept {
  const entries = Object.entries(asRecord(value) ?? {});
  const kept = listWithin(entries.map(([, schema]) => schema));
  if (typeof kept !== 'object') return kept;
  const values = kept.value as readonly unknown[];
  return { value: Object.fromEntries(entries.map(([name], index) => [name, values[index]])) };
}

function isObject(schema: JsonSchema): boolean {
  return schema['type'] === 'object' || schema['properties'] !== undefined;
}
