import { metrics, trace, type Meter, type Tracer } from '@opentelemetry/api';

import type { ChainEvent, RunStartEvent } from '../event.ts';
import type { Observer, RunRecord } from '../observer.ts';
import { CallMeter } from './call-meter.ts';
import { parentContext } from './parent-context.ts';
import { RunSpans, type SpanMaker } from './run-spans.ts';

/** Options of {@link otel}. */
export interface OtelOptions {
  /** @defaultValue the global provider's, under the name `katamari` */
  readonly tracer?: Tracer;
  /** @defaultValue the global provider's, under the name `katamari` */
  readonly meter?: Meter;
  /**
   * Whether the texts and tool calls that models write are put on the spans of their attempts, as `gen_ai.output.messages`, up to 32,768
   * characters each. What models are asked is not told to observers and never captured.
   * @defaultValue false
   */
  readonly captureContent?: boolean;
}

/**
 * Traces and measures runs by OpenTelemetry's conventions for generative AI: a span per run, in it one per trim and per model call (phase),
 * in a call one per attempt; the metrics `gen_ai.client.operation.duration`, `gen_ai.client.operation.time_to_first_chunk` and
 * `gen_ai.client.token.usage` per attempt. A run's span belongs to the span that is active where the run is first read, or to the
 * `traceparent` that the run was given. Give one to all chains of a process.
 *
 * @example new Chain({ provider, observers: [otel()] })
 */
export function otel({ tracer, meter, captureContent = false }: OtelOptions = {}): Observer {
  const open = new Map<string, RunSpans[]>();
  const make: SpanMaker = {
    tracer: tracer ?? trace.getTracer('katamari'),
    captureContent,
    // One clock for both ends of a span, finer than Date.now().
    now: () => performance.timeOrigin + performance.now(),
  };
  // Instruments of the global provider do nothing for ever if they are made before it is registered.
  let callMeter: CallMeter | undefined;
  const meterOf = (): CallMeter => (callMeter ??= new CallMeter(meter ?? metrics.getMeter('katamari')));
  return {
    events(batch) {
      for (const event of batch) {
        if (event.type === 'token' && !captureContent) continue;
        if (event.type === 'run-start') start(open, event, make);
        else tell(event, open.get(event.req_id)?.at(-1), meterOf);
      }
    },
    end(record) {
      // A run whose input was refused has begun no span.
      const spans = take(open, record) ?? new RunSpans(record, parentContext(undefined), make);
      spans.end(record);
    },
  };
}

function start(open: Map<string, RunSpans[]>, event: RunStartEvent, make: SpanMaker): void {
  const spans = new RunSpans(event, parentContext(event.traceparent), make);
  open.set(event.req_id, [...(open.get(event.req_id) ?? []), spans]);
}

function tell(event: ChainEvent, spans: RunSpans | undefined, meterOf: () => CallMeter): void {
  if (event.type === 'metrics' && event.scope === 'call') meterOf().record(event, spans?.endOf(event));
  spans?.event(event);
}

/** The spans of a run that has ended. An id may be borne by several runs at once, which their beginnings tell apart. */
function take(open: Map<string, RunSpans[]>, { req_id, time }: RunRecord): RunSpans | undefined {
  const runs = open.get(req_id) ?? [];
  const index = runs.findIndex((run) => run.time === time);
  if (index === -1) return undefined;
  if (runs.length === 1) open.delete(req_id);
  else open.set(req_id, runs.toSpliced(index, 1));
  return runs[index];
}
