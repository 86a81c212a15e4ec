import type { Attributes, Histogram, Meter } from '@opentelemetry/api';

import type { AttemptEndEvent, CallMetrics } from '../event.ts';
import { ATTRIBUTE, METRIC, providerName, SECONDS, servedModelName, TOKENS } from './names.ts';

/** Records the conventions' metrics of attempts. */
export class CallMeter {
  readonly #duration: Histogram;
  readonly #firstChunk: Histogram;
  readonly #tokens: Histogram;

  constructor(meter: Meter) {
    const seconds = { unit: 's', advice: { explicitBucketBoundaries: SECONDS } };
    this.#duration = meter.createHistogram(METRIC.duration, {
      description: 'Duration of attempts of model calls.',
      ...seconds,
    });
    this.#firstChunk = meter.createHistogram(METRIC.firstChunk, {
      description: 'From an attempt’s request to its first text.',
      ...seconds,
    });
    this.#tokens = meter.createHistogram(METRIC.tokens, {
      description: 'Tokens billed for attempts, as the provider reports them.',
      unit: '{token}',
      advice: { explicitBucketBoundaries: TOKENS },
    });
  }

  record(call: CallMetrics, end: AttemptEndEvent | undefined): void {
    const served = servedModelName(end?.servedModel);
    const attributes: Attributes = {
      [ATTRIBUTE.operation]: 'chat',
      [ATTRIBUTE.provider]: providerName(call.provider),
      [ATTRIBUTE.requestModel]: call.model,
      ...(served !== undefined && { [ATTRIBUTE.responseModel]: served }),
    };
    const failure = end?.outcome === 'failed' ? { [ATTRIBUTE.errorType]: end.error?.code ?? '_OTHER' } : {};
    this.#duration.record(call.step_latency_ms / 1000, { ...attributes, ...failure });
    if (call.first_token_ms !== null) this.#firstChunk.record(call.first_token_ms / 1000, attributes);
    // The conventions want what was billed or nothing; an estimate is neither.
    if (call.estimated) return;
    this.#tokens.record(call.token_in, { ...attributes, [ATTRIBUTE.tokenType]: 'input' });
    this.#tokens.record(call.token_out, { ...attributes, [ATTRIBUTE.tokenType]: 'output' });
  }
}
