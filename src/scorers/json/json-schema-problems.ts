import type { JsonSchema } from '../../request.ts';

/** A schema that refers to itself without end goes no deeper, and one that does so twice at each step no further. */
const MAX_DEPTH = 64;
const MAX_STEPS = 100_000;

/** What in a value does not match a schema that `checkJsonSchema` has nothing against, a line each. */
export function jsonSchemaProblems(value: unknown, schema: JsonSchema): readonly string[] {
  try {
    return new Validation(schema).problems(value, schema, '', 0);
  } catch (error) {
    if (error instanceof TooMuchWork) return ['(whole): value and schema are too large to be compared'];
    throw error;
  }
}

class TooMuchWork extends Error {}

type Check = (limit: number) => boolean;

class Validation {
  readonly #root: JsonSchema;
  #steps = 0;

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  problems(value: unknown, schema: unknown, place: string, depth: number): readonly string[] {
    const at = place === '' ? '(whole)' : place.replace(/^\./, '');
    if (++this.#steps > MAX_STEPS) throw new TooMuchWork();
    if (++this.#steps > MAX_STEPS) throw new TooMuchWork();
    if (schema === false || depth > MAX_DEPTH) return [`${at}: nothing is allowed here`];
    if (!isRecord(schema)) return [];
    return [
      ...this.#reference(value, schema, place, depth),
      ...typeProblems(value, schema).map((problem) => `${at}: ${problem}`),
      ...limitProblems(value, schema).map((problem) => `${at}: ${problem}`),
      ...this.#members(value, schema, place, depth),
      ...this.#elements(value, schema, place, depth),
      ...this.#combined(value, schema, place, depth).map((problem) =>
        problem.includes(': ') ? problem : `${at}: ${problem}`,
      ),
    ];
  }

  #reference(value: unknown, { $ref: ref }: JsonSchema, place: string, depth: number): readonly string[] {
    if (typeof ref !== 'string') return [];
    const path = ref
      .replace(/^#\/?/, '')
      .split('/')
      .filter((part) => part !== '');
    let target: unknown = this.#root;
    for (const part of path) {
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      target = isRecord(target) && Object.hasOwn(target, key) ? target[key] : undefined;
    }
    if (!ref.startsWith('#') || target === undefined)
      return [`${place}: the schema refers to ${ref}, which is not there`];
    return this.problems(value, target, place, depth + 1);
  }

  #members(value: unknown, schema: JsonSchema, place: string, depth: number): string[] {
    if (!isRecord(value)) return [];
    const { properties, required, additionalProperties } = schema;
    const known = isRecord(properties) ? properties : {};
    const missing = (Array.isArray(required) ? required : [])
      .filter((key) => !Object.hasOwn(value, String(key)))
      .map((key) => `${`${place}.${String(key)}`.replace(/^\./, '')}: missing`);
    const inner = Object.entries(value).flatMap(([key, member]) => {
      const part = Object.hasOwn(known, key) ? known[key] : additionalProperties;
      return part === undefined ? [] : this.problems(member, part, `${place}.${key}`, depth + 1);
    });
    return [...missing, ...inner];
  }

  #elements(value: unknown, { items, prefixItems }: JsonSchema, place: string, depth: number): string[] {
    if (!Array.isArray(value)) return [];
    const first: unknown[] = Array.isArray(prefixItems) ? prefixItems : [];
    return value.flatMap((element: unknown, index) => {
      const part = index < first.length ? first[index] : items;
      return part === undefined ? [] : this.problems(element, part, `${place}[${index}]`, depth + 1);
    });
  }

  #combined(value: unknown, schema: JsonSchema, place: string, depth: number): string[] {
    const { anyOf, oneOf, allOf, not } = schema;
    const fits = (part: unknown): boolean => this.problems(value, part, place, depth + 1).length === 0;
    const matching = listOf(oneOf).filter(fits).length;
    return [
      ...listOf(allOf).flatMap((part) => this.problems(value, part, place, depth + 1)),
      ...(anyOf !== undefined && !listOf(anyOf).some(fits) ? ['must match one of anyOf'] : []),
      ...(oneOf !== undefined && matching !== 1
        ? [`must match exactly one of oneOf, matches ${matching}`]
        : []),
      ...(not !== undefined && fits(not) ? ['must not match'] : []),
    ];
  }
}

function typeProblems(value: unknown, schema: JsonSchema): string[] {
  const { type, enum: options, const: constant } = schema;
  const types = type === undefined ? [] : [type].flat().map(String);
  const problems: string[] = [];
  if (types.length > 0 && !types.some((name) => isOfType(value, name)))
    problems.push(`expected ${types.join(' or ')}`);
  if (Array.isArray(options) && !options.some((option) => isSame(option, value)))
    problems.push(`expected one of ${JSON.stringify(options)}`);
  if ('const' in schema && !isSame(constant, value)) problems.push(`expected ${JSON.stringify(constant)}`);
  return problems;
}

function isOfType(value: unknown, name: string): boolean {
  if (name === 'null') return value === null;
  if (name === 'array') return Array.isArray(value);
  if (name === 'object') return isRecord(value);
  return name === 'integer' ? Number.isInteger(value) : typeof value === name;
}

function limitProblems(value: unknown, schema: JsonSchema): string[] {
  const problems = Object.entries(limitsOf(value)).flatMap(([name, holds]) => {
    const limit = schema[name];
    return typeof limit === 'number' && !holds(limit) ? [`${name} is ${limit}`] : [];
  });
  const { pattern, uniqueItems } = schema;
  if (typeof value === 'string' && typeof pattern === 'string' && !new RegExp(pattern, 'u').test(value))
    problems.push(`pattern is ${pattern}`);
  if (uniqueItems === true && Array.isArray(value) && new Set(value.map(canonical)).size < value.length)
    problems.push('elements must differ');
  return problems;
}

/** What numbers bound, by the kind of value. */
function limitsOf(value: unknown): Readonly<Record<string, Check>> {
  if (typeof value === 'number') {
    return {
      minimum: (limit) => value >= limit,
      maximum: (limit) => value <= limit,
      exclusiveMinimum: (limit) => value > limit,
      exclusiveMaximum: (limit) => value < limit,
      // 0.3 is a multiple of 0.1, although it is not in binary.
      multipleOf: (limit) => Math.abs(value / limit - Math.round(value / limit)) < 1e-9,
    };
  }
  if (typeof value === 'string') return sizeLimits(Array.from(value).length, 'Length');
  if (Array.isArray(value)) return sizeLimits(value.length, 'Items');
  return isRecord(value) ? sizeLimits(Object.keys(value).length, 'Properties') : {};
}

function sizeLimits(size: number, what: string): Readonly<Record<string, Check>> {
  return { [`min${what}`]: (limit) => size >= limit, [`max${what}`]: (limit) => size <= limit };
}

function isSame(first: unknown, second: unknown): boolean {
  return canonical(first) === canonical(second);
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
