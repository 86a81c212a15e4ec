/**
 * What is known of models: windows, prices, what they refuse; what a call cost; whether a prompt fits.
 *
 * @module
 */
export { costUsd } from './cost-usd.ts';
export { fitsWindow, type WindowFit } from './fits-window.ts';
export type {
  EntrySources,
  FactSource,
  LongPromptPrices,
  ModelEntry,
  ModelPrices,
  ModelType,
  PublicTokenizer,
  RefusableSetting,
  TokenPrices,
} from './model-entry.ts';
export { ModelRegistry } from './model-registry.ts';
export { models } from './models.ts';
export { priceBy } from './price-by.ts';
export { modelEntryJsonSchema, modelEntrySchema } from './registry-schema.ts';
export { windowGuard } from './window-guard.ts';
