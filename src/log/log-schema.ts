import { z } from 'zod';

const time = z.iso.datetime();
const id = z.string().describe('Borne by every event, record and span of the run.');
const count = z.int().nonnegative();
const tokens = z.int().nonnegative();
const milliseconds = z.number().nonnegative();
const retention = z.number().min(-1).max(1).nullable();

/** The schema of a `katamari.request` record. */
export const requestRecordSchema = z
  .object({
    name: z.literal('katamari.request'),
    time: time.describe('When the run began, ISO 8601 in UTC.'),
    req_id: id,
    chain: z.string().describe('The chain’s name.'),
    steps: z.array(z.string()).describe('The chain’s steps, in the order in which they run.'),
    provider: z.string().describe('The chain’s provider.'),
    model: z.string().describe('The model that was asked for.'),
    is_language_model: z.boolean().describe('`false` for the extractive default.'),
    persona: z.string().nullable().describe('The persona’s name; `null` without one.'),
    persona_hash: z.string().nullable().describe('The hash of the persona; `null` without one.'),
    persona_version: z.string().nullable().describe('The persona’s version; `null` where it has none.'),
    status: z.enum(['completed', 'aborted', 'failed']).describe('How the run ended.'),
    finish_reason: z.string().describe('Why the answer ended: `stop`, `length`, `tool-calls` …'),
    error_code: z.string().nullable().describe('The error’s code where the run failed, else `null`.'),
    token_in: tokens.describe('Prompt tokens billed, over all attempts.'),
    token_out: tokens.describe('Completion tokens billed, over all attempts.'),
    cost_usd: z
      .number()
      .nonnegative()
      .nullable()
      .describe('In USD; `null` where it is not known or nothing is priced.'),
    compress_ratio: z
      .number()
      .min(0)
      .max(1)
      .describe('`token_out / token_in` of the first trim; 1 without one.'),
    semantic_retention: retention.describe('Of the first trim, −1 to 1; `null` when not measured.'),
    fact_retention: retention.describe('Of the first trim, 0 to 1; `null` when not measured.'),
    step_latency_ms: z
      .array(z.object({ step: z.string(), latency_ms: milliseconds }))
      .describe('Steps and model calls (by phase), each with its duration in ms.'),
    latency_ms: milliseconds.describe('Duration of the run, in ms.'),
    first_token_ms: milliseconds
      .nullable()
      .describe('To the first text of the answer, in ms; `null` when none came.'),
    retryable: z
      .boolean()
      .nullable()
      .describe('Whether the error may be mended by another try; `null` without one.'),
    estimated: z.boolean().describe('Whether any of the token sums holds an estimate.'),
    calls: count.describe('Model calls made.'),
    attempts: count.describe('Attempts made; above `calls` where there were retries.'),
    stopped_by: z
      .string()
      .nullable()
      .describe('The limit of the run that ended it or kept a call from being made; `null` where none did.'),
  })
  .meta({ title: 'katamari.request', description: 'How a run went: one record per run, at its end.' });

/** The schema of a `katamari.retry` record. */
export const retryRecordSchema = z
  .object({
    name: z.literal('katamari.retry'),
    time: time.describe('When the attempt failed, ISO 8601 in UTC.'),
    req_id: id,
    phase: z.string().describe('The call’s part in the plan: `answer`, `draft`, `critique`, `final` …'),
    call: count.describe('Number of the model call in the run, from 1.'),
    attempt: count.describe('Number of the try, from 1.'),
    provider: z.string().describe('Who was asked.'),
    model: z.string().describe('The model that was asked for.'),
    error_code: z.string().describe('The error’s code.'),
    retryable: z.boolean().describe('Whether another attempt follows: `false` at the last.'),
    error_retryable: z.boolean().describe('Whether the error itself is of a kind that another try may mend.'),
    delay_ms: milliseconds.nullable().describe('Until the next attempt, in ms; `null` where none follows.'),
    maybe_accepted: z
      .boolean()
      .describe('Whether the provider may have run and billed the request all the same.'),
    superseded: z.boolean().describe('Whether text of the attempt was shown and is now void.'),
    latency_ms: milliseconds.describe('Duration of the attempt, in ms.'),
  })
  .meta({ title: 'katamari.retry', description: 'An attempt that failed: one record each.' });

/** The schema of a `katamari.trim` record. */
export const trimRecordSchema = z
  .object({
    name: z.literal('katamari.trim'),
    time: time.describe('When the trim was done, ISO 8601 in UTC.'),
    req_id: id,
    strategy: z.string().describe('How what stays was chosen.'),
    target_tokens: tokens.describe('The budget of the whole request.'),
    token_in: tokens.describe('Tokens of the whole request before.'),
    token_out: tokens.describe('Tokens of the whole request after.'),
    compress_ratio: z.number().min(0).max(1).describe('`token_out / token_in`.'),
    semantic_retention: retention.describe('−1 to 1; `null` when not measured.'),
    retention_method: z.string().nullable().describe('How it was measured; `null` when it was not.'),
    fact_retention: retention.describe('Share of the facts that are left, 0 to 1; `null` when not measured.'),
    messages: count.describe('Messages there were.'),
    dropped: count.describe('Of them, dropped.'),
    shortened: count.describe('Of them, shortened.'),
    cache_prefix_tokens: tokens
      .nullable()
      .describe('Tokens at the beginning that are as in the call before; `null` where there was none.'),
    cost_delta_usd: z
      .number()
      .nullable()
      .describe('What the trim saves (below 0) or costs, in USD; `null` when not known.'),
    latency_ms: milliseconds.describe('Duration of the trim, in ms.'),
    estimated: z.boolean().describe('Whether tokens were estimated rather than counted.'),
    count_error: z
      .number()
      .nullable()
      .describe('Relative error of the counts to reckon with; `null` where they are exact.'),
  })
  .meta({ title: 'katamari.trim', description: 'What a trim did: one record each.' });

/**
 * The schema of one line of the log. Fields that a logger adds of its own (`level`, `pid` …) are allowed, and dropped by `parse`.
 *
 * @example logRecordSchema.parse(JSON.parse(line))
 */
export const logRecordSchema = z.discriminatedUnion('name', [
  requestRecordSchema,
  retryRecordSchema,
  trimRecordSchema,
]);

/** The JSON Schema (draft 2020-12) of one line of the log. */
export function logJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(logRecordSchema, { target: 'draft-2020-12', io: 'input' });
}
