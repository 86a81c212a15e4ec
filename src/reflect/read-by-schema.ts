import type { ResponseFormat } from '../request.ts';
import { parseJsonAnswer } from '../structured/parse-json-answer.ts';
import { describeIssues, toJsonSchema, type StandardSchema } from '../structured/standard-schema.ts';
import { readCritique, standsIn, toCritique, type Critique } from './read-critique.ts';

/** A critique, and what was wrong with it where it is not what was asked for. */
export interface CritiqueReading {
  readonly critique: Critique;
  readonly fault?: string;
}

/** Reads a critique by the caller's schema; where it does not match, as leniently as without one. */
export async function readBySchema(
  text: string,
  draft: string,
  schema: StandardSchema,
): Promise<CritiqueReading> {
  const lenient = { ...readCritique(text, draft), isReadable: false };
  const parsed = parseJsonAnswer(text.replace(/^\s*<think>[\s\S]*?<\/think>/, ''));
  if (parsed === undefined || standsIn(draft, parsed.json)) return { critique: lenient };
  const result = await schema['~standard'].validate(parsed.value);
  if (result.issues !== undefined) return { critique: lenient, fault: describeIssues(result.issues) };
  const critique = toCritique(result.value);
  return critique === undefined ? { critique: lenient, fault: 'verdict: missing' } : { critique };
}

/** What the provider is asked for; `undefined` where the schema's library can't tell. */
export function formatOf(schema: StandardSchema): ResponseFormat | undefined {
  if (schema['~standard'].jsonSchema === undefined) return undefined;
  return { type: 'json', schema: toJsonSchema(schema), name: 'critique' };
}
