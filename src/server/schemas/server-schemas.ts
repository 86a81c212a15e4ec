import { z } from 'zod';

const price = z.number().nullable();

/** What may be asked for as a model: a chain, a chain with a persona, or a model that chains may be told to use. */
export const modelListSchema = z.strictObject({
  object: z.literal('list'),
  data: z.array(
    z.strictObject({
      id: z.string(),
      object: z.literal('model'),
      created: z.int(),
      owned_by: z.string(),
      provider: z.string().nullable(),
      model: z.string().nullable(),
      contextWindow: z.int().nullable(),
      prices: z.strictObject({ input: price, output: price }).nullable(),
      chain: z.string().exactOptional(),
      persona: z.string().exactOptional(),
    }),
  ),
});

/** How the server is. */
export const healthSchema = z.strictObject({
  status: z.enum(['ok', 'degraded', 'unavailable']),
  reasons: z.array(z.strictObject({ code: z.string(), message: z.string() })),
  running: z.int(),
  queued: z.int(),
  uptime_ms: z.number(),
});

/** An error. */
export const errorSchema = z.strictObject({
  error: z.looseObject({
    code: z.string(),
    message: z.string(),
    retryable: z.boolean(),
    req_id: z.string(),
  }),
});
