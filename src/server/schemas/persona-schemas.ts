import { z } from 'zod';

import { personaObjectSchema, variablesSchema } from './persona-source-schema.ts';

/** A persona in the list. */
const personaSummarySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  version: z.string().exactOptional(),
  hash: z.string(),
});

/** The personas of the server. */
export const personaListSchema = z.strictObject({ personas: z.array(personaSummarySchema) });

/** A persona with what becomes of it. */
export const personaDetailSchema = z.strictObject({
  ...personaSummarySchema.shape,
  persona: personaObjectSchema,
  prompt: z.string(),
  tokens: z.int(),
  yaml: z.string().exactOptional(),
});

/** What is to be compiled. */
export const compileRequestSchema = z
  .strictObject({
    yaml: z.string().exactOptional().describe('The text of a persona file.'),
    persona: personaObjectSchema.exactOptional(),
    variables: variablesSchema.exactOptional(),
    model: z.string().min(1).max(256).exactOptional().describe('Whose tokens are counted.'),
  })
  .refine(({ yaml, persona }) => (yaml === undefined) !== (persona === undefined), {
    error: 'exactly one of yaml and persona must be given',
  });

/** What became of it. */
export const compileResultSchema = z.strictObject({
  persona: personaObjectSchema,
  prompt: z.string(),
  tokens: z.int(),
  hash: z.string(),
  issues: z.array(
    z.looseObject({ code: z.string(), severity: z.string(), message: z.string(), path: z.string() }),
  ),
});
