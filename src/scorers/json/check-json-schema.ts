/** What says something of a value, and is known. */
const KNOWN: ReadonlySet<string> = /* @__PURE__ */ new Set(
  (
    'type enum const properties required additionalProperties items prefixItems minItems maxItems uniqueItems minLength maxLength pattern ' +
    'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minProperties maxProperties anyOf oneOf allOf not $ref'
  ).split(' '),
);
/** What says nothing of whether a value will do. */
const NOTES: ReadonlySet<string> = /* @__PURE__ */ new Set(
  '$schema $id $comment $defs definitions title description default examples deprecated readOnly writeOnly format'.split(
    ' ',
  ),
);
const MAX_DEPTH = 64;

/** What keeps a value from being a JSON Schema of the known kind, or `undefined`. */
export function checkJsonSchema(schema: unknown, place = 'schema', depth = 0): string | undefined {
  if (typeof schema === 'boolean') return undefined;
  if (!isRecord(schema)) return `${place} must be an object or a boolean.`;
  if (depth > MAX_DEPTH) return `${place} is nested too deeply.`;
  for (const [key, value] of Object.entries(schema)) {
    if (!KNOWN.has(key) && !NOTES.has(key)) return `${place} holds «${key}», which is not known here.`;
    if (key === '$ref' && typeof value !== 'string') return `${place}.$ref must be a text.`;
    const fault = key === 'pattern' ? patternFault(value, place) : partFault(key, value, place, depth);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function partFault(key: string, value: unknown, place: string, depth: number): string | undefined {
  const inner = partsOf(key, value);
  for (const [name, part] of inner) {
    const fault = checkJsonSchema(part, `${place}.${name}`, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** The schemas that stand under a key. */
function partsOf(key: string, value: unknown): [string, unknown][] {
  if (key === 'items' || key === 'additionalProperties' || key === 'not') return [[key, value]];
  if (key === 'properties' || key === '$defs' || key === 'definitions')
    return isRecord(value)
      ? Object.entries(value).map(([name, part]) => [`${key}.${name}`, part])
      : [[key, value]];
  if (key !== 'anyOf' && key !== 'oneOf' && key !== 'allOf' && key !== 'prefixItems') return [];
  return Array.isArray(value) ? value.map((part: unknown, index) => [`${key}[${index}]`, part]) : [[key, 0]];
}

function patternFault(value: unknown, place: string): string | undefined {
  try {
    if (typeof value !== 'string') return `${place}.pattern must be a text.`;
    void new RegExp(value, 'u');
    return undefined;
  } catch {
    return `${place}.pattern is no regular expression.`;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
