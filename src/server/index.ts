/**
 * Chains over HTTP, as a function from `Request` to `Response`. On Node, `serve` of `katamari/node` listens.
 *
 * @module
 */
export type { CorsOptions } from './cors.ts';
export { createHandler, type Handler } from './create-handler.ts';
export type {
  AccessRecord,
  ChainFactory,
  ChainSettings,
  HandlerOptions,
  MetricsSource,
  ServerModel,
} from './handler-options.ts';
export type { ApiKey, ApiKeys, Auth } from './key-ring.ts';
export type { PersonaCollection, Personas } from './persona-shelf.ts';
export type { RateLimit } from './rate-limiter.ts';
export type { BodyLimits } from './read-json.ts';
export type { RunLimits } from './run-slots.ts';
