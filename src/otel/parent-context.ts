import { context, trace, TraceFlags, type Context, type SpanContext } from '@opentelemetry/api';

/** https://www.w3.org/TR/trace-context/#traceparent-header */
const FORM = /^(?!ff)([\da-f]{2})-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(-.*)?$/;

/**
 * Where a run's span belongs. The span that is active where the run is first read, unless the run was given a `traceparent` of another
 * trace: an active span of the same trace is the nearer parent, for example that of the request which brought the header.
 */
export function parentContext(traceparent: string | undefined): Context {
  const active = context.active();
  const remote = traceparent === undefined ? undefined : readTraceparent(traceparent);
  if (remote === undefined || trace.getSpanContext(active)?.traceId === remote.traceId) return active;
  return trace.setSpanContext(active, remote);
}

/** `undefined` for what is none: a bad header must not cost a trace. */
function readTraceparent(text: string): SpanContext | undefined {
  const [, version, traceId, spanId, flags = '00', rest] = FORM.exec(text.trim()) ?? [];
  if (traceId === undefined || spanId === undefined || (version === '00' && rest !== undefined))
    return undefined;
  const sampled = (Number.parseInt(flags, 16) & 1) === 1;
  return { traceId, spanId, traceFlags: sampled ? TraceFlags.SAMPLED : TraceFlags.NONE, isRemote: true };
}
