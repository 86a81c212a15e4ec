import {
  SpanKind,
  SpanStatusCode,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';

import type { AttemptEndEvent, AttemptStartEvent, CallMetrics, ChainEvent } from '../event.ts';
import { ATTRIBUTE, providerName, servedModelName } from './names.ts';

/** Captured text beyond this is cut off, in characters: exporters drop spans that are too large. */
const CAPTURE_LIMIT = 32_768;

/** What an attempt's span is made under. */
export interface AttemptSpanOptions {
  readonly tracer: Tracer;
  readonly parent: Context;
  readonly captureContent: boolean;
  readonly compacted: boolean;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: number;
}

/** One try of one model call as a client span. */
export class AttemptSpan {
  readonly #span: Span;
  readonly #capture: boolean;
  readonly #parts: object[] = [];
  #text = '';
  #end: AttemptEndEvent | undefined;

  constructor(
    start: AttemptStartEvent,
    { tracer, parent, captureContent, compacted, now }: AttemptSpanOptions,
  ) {
    this.#capture = captureContent;
    const attributes: Attributes = {
      [ATTRIBUTE.operation]: 'chat',
      [ATTRIBUTE.provider]: providerName(start.provider),
      [ATTRIBUTE.requestModel]: start.model,
      [ATTRIBUTE.stream]: true,
      // The conventions want it only where it is true.
      ...(compacted && { [ATTRIBUTE.compacted]: true }),
      'katamari.req_id': start.req_id,
      'katamari.phase': start.phase,
      'katamari.call': start.call,
      'katamari.attempt': start.attempt,
    };
    const kind = start.isLanguageModel ? SpanKind.CLIENT : SpanKind.INTERNAL;
    this.#span = tracer.startSpan(`chat ${start.model}`, { kind, attributes, startTime: now }, parent);
  }

  /** How the attempt ended, as far as it has. */
  get end(): AttemptEndEvent | undefined {
    return this.#end;
  }

  /** Notes what is generated, where content is captured, and how it ended. */
  note(event: ChainEvent): void {
    if (event.type === 'attempt-end') this.#end = event;
    if (!this.#capture) return;
    if (event.type === 'token') this.#text = (this.#text + event.text).slice(0, CAPTURE_LIMIT);
    else if (event.type === 'tool-call')
      this.#parts.push({
        type: 'tool_call',
        id: event.id,
        name: event.name,
        arguments: event.arguments.slice(0, CAPTURE_LIMIT),
      });
  }

  /** Ends the span with the attempt's figures. */
  settle(call: CallMetrics, now: number): void {
    const span = this.#span;
    const counts: Attributes = {
      [ATTRIBUTE.tokensIn]: call.token_in,
      [ATTRIBUTE.tokensOut]: call.token_out,
      'katamari.estimated': call.estimated,
      ...(call.token_cache_read !== undefined && { [ATTRIBUTE.cacheRead]: call.token_cache_read }),
      ...(call.token_cache_write !== undefined && { [ATTRIBUTE.cacheWrite]: call.token_cache_write }),
      ...(call.token_reasoning !== undefined && { [ATTRIBUTE.reasoning]: call.token_reasoning }),
      ...(typeof call.cost_usd === 'number' && { 'katamari.cost_usd': call.cost_usd }),
      ...(call.first_token_ms !== null && { [ATTRIBUTE.firstChunk]: call.first_token_ms / 1000 }),
    };
    span.setAttributes(counts);
    this.#close(now);
  }

  /** Ends the span of an attempt whose figures never came: its run ended before. */
  abandon(now: number): void {
    this.#close(now);
  }

  #close(now: number): void {
    const span = this.#span;
    const end = this.#end;
    const served = servedModelName(end?.servedModel);
    span.setAttribute('katamari.outcome', end?.outcome ?? 'aborted');
    if (served !== undefined) span.setAttribute(ATTRIBUTE.responseModel, served);
    if (end?.outcome === 'completed') span.setAttribute(ATTRIBUTE.finishReasons, [end.finishReason]);
    if (end?.superseded === true) span.setAttribute('katamari.superseded', true);
    if (end?.outcome === 'failed') {
      const code = end.error?.code ?? '_OTHER';
      span.setAttributes({
        [ATTRIBUTE.errorType]: code,
        'katamari.retryable': end.delayMs !== null,
        'katamari.error_retryable': end.retryable === true,
        ...(end.delayMs !== null && { 'katamari.delay_ms': end.delayMs }),
      });
      // The code and not the message: a vendor may have written anything into it.
      span.setStatus({ code: SpanStatusCode.ERROR, message: code });
    }
    if (this.#capture) span.setAttribute(ATTRIBUTE.outputMessages, this.#outputMessages());
    span.end(now);
  }

  #outputMessages(): string {
    const text = this.#text === '' ? [] : [{ type: 'text', content: this.#text }];
    const finish_reason = this.#end?.finishReason ?? 'aborted';
    return JSON.stringify([{ role: 'assistant', parts: [...text, ...this.#parts], finish_reason }]);
  }
}
