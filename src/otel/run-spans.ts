import {
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';

import type {
  AttemptEndEvent,
  AttemptLabels,
  AttemptStartEvent,
  CallMetrics,
  ChainEvent,
  Phase,
  RunStartEvent,
  TrimMetrics,
} from '../event.ts';
import type { RunRecord } from '../observer.ts';
import { AttemptSpan } from './attempt-span.ts';
import { ATTRIBUTE, providerName } from './names.ts';
import { measured, personaOf } from './span-attributes.ts';

/** What a run's spans are made with. */
export interface SpanMaker {
  readonly tracer: Tracer;
  readonly captureContent: boolean;
  /** Milliseconds since 1970-01-01 UTC, with fractions. */
  readonly now: () => number;
}

/** One model call with its attempts. */
interface OpenCall {
  readonly span: Span;
  readonly context: Context;
  readonly compacted: boolean;
  readonly attempts: Map<number, AttemptSpan>;
  /** How its last attempt ended, and when. */
  last?: { readonly end: AttemptEndEvent | undefined; readonly at: number };
}

/** The spans of one run: itself, in it its trims and calls, in a call its attempts. Whatever becomes of the run, `end` ends them all. */
export class RunSpans {
  /** When the run began, which tells it from another of the same id. */
  readonly time: number;
  readonly #make: SpanMaker;
  readonly #span: Span;
  readonly #context: Context;
  readonly #calls = new Map<number, OpenCall>();
  /** Whether the trims that no call has followed yet left something out, oldest first. */
  readonly #trims: boolean[] = [];
  /** Whether the last call of a phase was trimmed: a fallback's call goes without a trim of its own. */
  readonly #compacted = new Map<Phase, boolean>();
  #strategy = 'unknown';

  constructor(start: Omit<RunStartEvent, 'type'>, parent: Context, make: SpanMaker) {
    this.time = start.time;
    this.#make = make;
    const attributes: Attributes = {
      [ATTRIBUTE.operation]: 'invoke_workflow',
      [ATTRIBUTE.workflow]: start.chain,
      [ATTRIBUTE.provider]: providerName(start.provider),
      [ATTRIBUTE.requestModel]: start.model,
      'katamari.req_id': start.req_id,
      'katamari.steps': [...start.steps],
      ...personaOf(start.labels),
    };
    this.#span = make.tracer.startSpan(
      `invoke_workflow ${start.chain}`,
      { attributes, startTime: make.now() },
      parent,
    );
    this.#context = trace.setSpan(parent, this.#span);
  }

  event(event: ChainEvent): void {
    if (event.type === 'attempt-start') this.#startAttempt(event);
    else if (event.type === 'attempt-end') this.#attempt(event)?.note(event);
    else if (event.type === 'token' || event.type === 'tool-call') {
      if (this.#make.captureContent) this.#attempt(event)?.note(event);
    } else if (event.type === 'history-trim') this.#strategy = event.strategy;
    else if (event.type === 'issue')
      this.#span.addEvent('katamari.issue', {
        'katamari.issue.source': event.source,
        'katamari.issue.code': event.code,
        'katamari.issue.severity': event.severity,
      });
    else if (event.type === 'metrics' && event.scope === 'trim') this.#trim(event);
    else if (event.type === 'metrics' && event.scope === 'call') this.#settle(event);
  }

  /** How an attempt ended, between its end and its figures. */
  endOf(labels: AttemptLabels): AttemptEndEvent | undefined {
    return this.#attempt(labels)?.end;
  }

  end({ status, finishReason, errorCode, metrics }: RunRecord): void {
    const now = this.#make.now();
    for (const call of this.#calls.values()) closeCall(call, now);
    this.#calls.clear();
    this.#span.setAttributes({
      'katamari.status': status,
      'katamari.finish_reason': finishReason,
      'katamari.token_in': metrics.token_in,
      'katamari.token_out': metrics.token_out,
      'katamari.estimated': metrics.estimated,
      'katamari.compress_ratio': metrics.compress_ratio,
      'katamari.calls': metrics.calls,
      'katamari.attempts': metrics.attempts,
      ...(metrics.stopped_by !== undefined && { 'katamari.stopped_by': metrics.stopped_by }),
      ...measured({
        'katamari.cost_usd': metrics.cost_usd,
        'katamari.semantic_retention': metrics.semantic_retention,
        'katamari.fact_retention': metrics.fact_retention,
        'katamari.first_token_ms': metrics.first_token_ms,
      }),
    });
    if (errorCode !== null) fail(this.#span, errorCode);
    this.#span.end(now);
  }

  #attempt({ call, attempt }: AttemptLabels): AttemptSpan | undefined {
    return this.#calls.get(call)?.attempts.get(attempt);
  }

  #startAttempt(start: AttemptStartEvent): void {
    const { tracer, captureContent, now } = this.#make;
    const call = this.#calls.get(start.call) ?? this.#startCall(start);
    // Two runs of one id at the same time; what is mixed up is ended all the same.
    call.attempts.get(start.attempt)?.abandon(now());
    const options = { tracer, captureContent, compacted: call.compacted, parent: call.context, now: now() };
    call.attempts.set(start.attempt, new AttemptSpan(start, options));
  }

  #startCall(start: AttemptStartEvent): OpenCall {
    const { tracer, now } = this.#make;
    const attributes = {
      'katamari.req_id': start.req_id,
      'katamari.phase': start.phase,
      'katamari.call': start.call,
      'katamari.answer': start.answer,
    };
    const span = tracer.startSpan(`phase ${start.phase}`, { attributes, startTime: now() }, this.#context);
    const context = trace.setSpan(this.#context, span);
    const call: OpenCall = { span, context, compacted: this.#isCompacted(start.phase), attempts: new Map() };
    this.#calls.set(start.call, call);
    return call;
  }

  /** A trim's own call for a summary comes before that trim's figures, and is not trimmed. */
  #isCompacted(phase: Phase): boolean {
    if (phase === 'summary') return false;
    const compacted = this.#trims.shift() ?? this.#compacted.get(phase) ?? false;
    this.#compacted.set(phase, compacted);
    return compacted;
  }

  #settle(figures: CallMetrics): void {
    const call = this.#calls.get(figures.call);
    const attempt = call?.attempts.get(figures.attempt);
    if (call === undefined || attempt === undefined) return;
    const at = this.#make.now();
    attempt.settle(figures, at);
    call.attempts.delete(figures.attempt);
    call.last = { end: attempt.end, at };
    if (attempt.end?.delayMs !== null) return;
    closeCall(call, at);
    this.#calls.delete(figures.call);
  }

  #trim(figures: TrimMetrics): void {
    const { tracer, now } = this.#make;
    const changed = figures.token_out < figures.token_in;
    this.#trims.push(changed);
    const end = now();
    const attributes: Attributes = {
      ...(changed && { [ATTRIBUTE.compacted]: true }),
      'katamari.trim.strategy': this.#strategy,
      'katamari.trim.token_in': figures.token_in,
      'katamari.trim.token_out': figures.token_out,
      'katamari.trim.compress_ratio': figures.compress_ratio,
      ...measured({
        'katamari.trim.semantic_retention': figures.semantic_retention,
        'katamari.trim.fact_retention': figures.fact_retention,
        'katamari.trim.cache_prefix_tokens': figures.cache_prefix_tokens,
      }),
    };
    const startTime = end - figures.step_latency_ms;
    tracer.startSpan('trim', { attributes, startTime }, this.#context).end(end);
  }
}

/** A call ends with its last attempt, also where it is only known later that none followed. */
function closeCall({ span, attempts, last }: OpenCall, now: number): void {
  for (const attempt of attempts.values()) attempt.abandon(now);
  if (last?.end?.outcome === 'failed') fail(span, last.end.error?.code ?? '_OTHER');
  span.end(attempts.size > 0 ? now : (last?.at ?? now));
}

function fail(span: Span, code: string): void {
  span.setAttribute(ATTRIBUTE.errorType, code);
  span.setStatus({ code: SpanStatusCode.ERROR, message: code });
}
