import { z } from 'zod';

import type { ModelEntry } from './model-entry.ts';

const day = z.string().regex(/^20\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/u);
const name = z.string().regex(/^\S+$/u);
const tokens = z.int().positive();
const price = z.number().nonnegative().nullable();
const settings = z.array(z.enum(['temperature', 'topP', 'stop', 'seed']));
const sources = z.array(z.strictObject({ url: z.url({ protocol: /^https$/u }), date: day }));

const tokenPrices = {
  input: price.describe('USD per million prompt tokens that were neither read from nor written to a cache.'),
  output: price.describe('USD per million generated tokens, reasoning included.'),
  cacheRead: price.exactOptional().describe('USD per million prompt tokens read from the cache.'),
  cacheWrite: price.exactOptional().describe('USD per million prompt tokens written to the cache.'),
};

const longPrompt = z
  .array(z.strictObject({ aboveTokens: tokens, ...tokenPrices }))
  .min(1)
  .refine((steps) => steps.every((step, index) => step.aboveTokens > (steps[index - 1]?.aboveTokens ?? 0)), {
    error: 'The steps must rise by aboveTokens.',
  });

/**
 * A model's entry, exactly: unknown keys are errors. Check entries with it that come from a file or a server, before they go into a
 * registry.
 */
export const modelEntrySchema: z.ZodType<ModelEntry> = z
  .strictObject({
    id: name.describe(
      "The id as the vendor's API takes it; with the host in front for an open-weight model.",
    ),
    aliases: z.array(name).min(1).exactOptional().describe('Other ids of the same model at the same prices.'),
    provider: name.describe('Who sells it.'),
    family: name.describe('What it is a version of.'),
    type: z.enum(['chat', 'reasoning', 'embedding']),
    reasoning: z.boolean().describe('Whether it can think before it answers.'),
    parallel: z.boolean().describe('Whether it thinks along several lines at once.'),
    contextWindow: tokens.nullable().describe('Prompt and answer together, in tokens; null where not known.'),
    maxInput: tokens.exactOptional().describe('The longest prompt, where less than the window, in tokens.'),
    maxOutput: tokens.nullable().describe('The longest answer, in tokens; null where not known.'),
    prices: z.strictObject({
      ...tokenPrices,
      longPrompt: longPrompt
        .exactOptional()
        .describe('Prices of the whole call above a length of the prompt.'),
      until: day.exactOptional().describe('The last day for which promotional prices were promised.'),
      note: z.string().min(1).exactOptional(),
    }),
    tokenizer: z.enum(['o200k_base', 'cl100k_base']).nullable(),
    refuses: settings.exactOptional().describe('Settings it refuses or ignores.'),
    refusesWhileThinking: settings
      .exactOptional()
      .describe('Settings it refuses or ignores while it thinks.'),
    images: z.boolean().exactOptional().describe('Whether it takes images.'),
    source: z.strictObject({
      model: sources,
      prices: sources,
      refuses: sources.exactOptional(),
      tokenizer: sources.exactOptional(),
    }),
  })
  .meta({
    title: 'Model',
    description: "A model in katamari's registry: what it is, how much it takes, what it costs.",
  });

/** The JSON Schema (draft 2020-12) of an entry, for editors and other languages. What it can't say (that steps rise) it leaves out. */
export function modelEntryJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(modelEntrySchema, { target: 'draft-2020-12', io: 'input' });
}
