/**
 * Runs traced and measured by OpenTelemetry's conventions for generative AI, through `@opentelemetry/api`.
 *
 * @module
 */
export { otel, type OtelOptions } from './otel.ts';
