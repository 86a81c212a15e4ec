import { z } from 'zod';

import {
  assistantMessageSchema,
  messagesSchema,
  toolCallSchema,
  toolChoiceSchema,
  toolsSchema,
  responseFormatSchema,
} from './message-schema.ts';
import { personaSourceSchema, variablesSchema } from './persona-source-schema.ts';

const name = z.string().min(1).max(256);
const tokens = z.int().positive().max(1_000_000_000);

/** How a trim chooses what stays. */
const strategySchema = z.enum(['relevant', 'recent', 'extract', 'summary']);

/** A trim's budget, in tokens, alone or with more to say. */
const budgetSchema = z.union([
  tokens,
  z.strictObject({
    targetTokens: tokens,
    minTurns: z.int().min(0).max(10_000).exactOptional(),
    strategy: strategySchema.exactOptional(),
  }),
]);

/** Whether the answer is drafted, criticised and mended first. */
const reflectSchema = z.union([
  z.boolean(),
  z.strictObject({
    maxRounds: z.int().min(0).max(20).exactOptional().describe('Revisions at most. Left out: 1.'),
    drafts: z.int().min(1).max(8).exactOptional().describe('Drafts at the same time. Left out: 1.'),
    verify: z.boolean().exactOptional().describe('Whether the last revision is judged too.'),
  }),
]);

/** What a run is asked to do. */
export const runRequestSchema = z
  .strictObject({
    messages: messagesSchema,
    chain: name.exactOptional().describe('Which chain answers. Left out: the first of the server.'),
    persona: personaSourceSchema.exactOptional(),
    variables: variablesSchema.exactOptional(),
    provider: name
      .exactOptional()
      .describe('Which provider answers, where the chain lets the client choose.'),
    model: name.exactOptional().describe('Which model answers, where the chain lets the client choose.'),
    budget: budgetSchema
      .exactOptional()
      .describe('Tokens that the request may have: the history is trimmed to it.'),
    reflect: reflectSchema.exactOptional(),
    limits: z
      .strictObject({
        maxTokens: tokens.exactOptional(),
        maxCostUsd: z.number().positive().exactOptional(),
        maxMs: z.int().positive().exactOptional(),
      })
      .exactOptional()
      .describe('What the run may use at most; it can’t raise what the chain allows.'),
    temperature: z.number().min(0).max(2).exactOptional(),
    topP: z.number().min(0).max(1).exactOptional(),
    maxOutputTokens: tokens.exactOptional(),
    stop: z.array(z.string().min(1).max(1000)).max(16).exactOptional(),
    seed: z.int().exactOptional(),
    tools: toolsSchema.exactOptional(),
    toolChoice: toolChoiceSchema.exactOptional(),
    responseFormat: responseFormatSchema.exactOptional(),
    stream: z.boolean().exactOptional().describe('Events as SSE in place of the result as JSON.'),
  })
  .describe('A run: messages, and what the chain is to be.');

/** What a run is asked to do. */
export type RunRequest = z.infer<typeof runRequestSchema>;

const count = z.number().min(0);

/** Figures of a whole run. */
const runMetricsSchema = z.looseObject({
  scope: z.literal('run'),
  token_in: count,
  token_out: count,
  compress_ratio: z.number(),
  semantic_retention: z.number().nullable(),
  fact_retention: z.number().nullable(),
  step_latency_ms: z.array(z.strictObject({ step: z.string(), latency_ms: count })),
  latency_ms: count,
  first_token_ms: count.nullable(),
  retryable: z.boolean().nullable(),
  estimated: z.boolean(),
  calls: count,
  attempts: count,
});

/** How a run ended. */
export const runResultSchema = z.strictObject({
  req_id: z.string(),
  text: z.string(),
  finishReason: z.string(),
  message: assistantMessageSchema,
  toolCalls: z.array(toolCallSchema),
  object: z.unknown().optional(),
  metrics: runMetricsSchema,
});

/** One event of a run: see the guide on steps and events. */
export const chainEventSchema = z.looseObject({ type: z.string(), req_id: z.string() });

/** A run that was told to stop. */
export const stoppedSchema = z.strictObject({
  req_id: z.string(),
  stopped: z.boolean().describe('False where the run had ended by itself.'),
});
