import type { JsonSchema } from '../request.ts';
import type { ScoreProblem, Scorer } from '../scorer.ts';
import { parseJsonAnswer } from '../structured/parse-json-answer.ts';
import { describeIssues, type StandardSchema } from '../structured/standard-schema.ts';
import { checkJsonSchema } from './json/check-json-schema.ts';
import { jsonSchemaProblems } from './json/json-schema-problems.ts';
import { invalid, makeScorer } from './make-scorer.ts';

/** Options of {@link jsonScorer}. */
export interface JsonScorerOptions {
  /** What the value must be: a Standard Schema (zod, valibot …) or a JSON Schema. @defaultValue any JSON value will do */
  readonly schema?: StandardSchema | JsonSchema;
  /** Whether the text must be JSON and nothing else, without a code fence or prose around it. @defaultValue false */
  readonly strict?: boolean;
}

/** The score loses so much with each problem, and is never 0 for JSON that can be read. */
const PER_PROBLEM = 0.2;

/**
 * Whether a text is JSON, and of a schema. 0 where there is none to be read; else 1, and less with each problem.
 *
 * Of JSON Schema it knows `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`, `items`, `prefixItems`, `minItems`,
 * `maxItems`, `uniqueItems`, `minLength`, `maxLength`, `pattern`, `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `multipleOf`,
 * `minProperties`, `maxProperties`, `anyOf`, `oneOf`, `allOf`, `not`, and `$ref` to `$defs` or `definitions` of the schema itself.
 *
 * @throws KatamariError code `invalid-input` for a JSON Schema that says something else
 */
export function jsonScorer({ schema, strict = false }: JsonScorerOptions = {}): Scorer {
  if (schema !== undefined && !isStandard(schema)) {
    const fault = checkJsonSchema(schema);
    if (fault !== undefined) throw invalid(`jsonScorer(): ${fault}`);
  }
  return makeScorer('json', async ({ text }) => {
    const parsed = strict ? parseStrictly(text) : parseJsonAnswer(text);
    if (parsed === undefined) {
      const problem = strict ? 'The text is not JSON and nothing else.' : 'The text holds no JSON value.';
      return { score: 0, pass: false, problems: [{ problem }] };
    }
    const problems = await problemsOf(parsed.value, schema);
    const score = problems.length === 0 ? 1 : Math.max(PER_PROBLEM, 1 - PER_PROBLEM * problems.length);
    return { score, pass: problems.length === 0, problems };
  });
}

function isStandard(schema: StandardSchema | JsonSchema): schema is StandardSchema {
  return '~standard' in schema;
}

function parseStrictly(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

async function problemsOf(
  value: unknown,
  schema: StandardSchema | JsonSchema | undefined,
): Promise<readonly ScoreProblem[]> {
  if (schema === undefined) return [];
  if (!isStandard(schema)) return jsonSchemaProblems(value, schema).map((problem) => ({ problem }));
  const { issues } = await schema['~standard'].validate(value);
  return issues === undefined ? [] : issues.map((issue) => ({ problem: describeIssues([issue]) }));
}
