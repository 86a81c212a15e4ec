import { z } from 'zod';

import { messagesSchema } from './message-schema.ts';

/** What is to be trimmed. */
export const trimRequestSchema = z.strictObject({
  messages: messagesSchema,
  targetTokens: z.int().positive(),
  strategy: z.enum(['relevant', 'recent', 'extract']).exactOptional(),
  minTurns: z.int().min(0).max(10_000).exactOptional(),
  model: z.string().min(1).max(256).exactOptional().describe('Whose tokens are counted.'),
  query: z.string().exactOptional().describe('What the kept messages shall help to answer.'),
});

/** What stays, and an account of it. */
export const trimResultSchema = z.strictObject({
  messages: messagesSchema,
  report: z.looseObject({
    strategy: z.string(),
    targetTokens: z.number(),
    tokensBefore: z.number(),
    tokensAfter: z.number(),
    estimated: z.boolean(),
    messages: z.array(z.looseObject({ index: z.int(), role: z.string(), fate: z.string() })),
  }),
});
