import { startServer } from './start-server.ts';

/** A span as OTLP's JSON has it, its attributes as plain values. */
interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A receiver of OTLP over HTTP, JSON, which keeps what it is sent. */
export interface OtlpReceiver {
  readonly url: string;
  spans(): readonly ReceivedSpan[];
  metricNames(): readonly string[];
  /** All that was sent, as it came. */
  text(): string;
  close(): Promise<void>;
}

interface Value {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly Value[] };
}

type Attributes = readonly { readonly key: string; readonly value: Value }[];
type Traces = {
  resourceSpans: {
    scopeSpans: { spans: (Omit<ReceivedSpan, 'attributes'> & { attributes: Attributes })[] }[];
  }[];
};
type Metrics = { resourceMetrics: { scopeMetrics: { metrics: { name: string }[] }[] }[] };

export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const { url, served, close } = await startServer(({ request, response }) => {
    const known = ['/v1/traces', '/v1/metrics'].includes(request.url ?? '');
    const json = request.headers['content-type'] === 'application/json';
    response.writeHead(known && json ? 200 : 415, { 'content-type': 'application/json' });
    response.end('{}');
  });
  const bodies = <T>(path: string) =>
    served.filter(({ request }) => request.url === path).map(({ json }) => json as T);
  return {
    url,
    spans: () =>
      bodies<Traces>('/v1/traces')
        .flatMap(({ resourceSpans }) => resourceSpans.flatMap(({ scopeSpans }) => scopeSpans))
        .flatMap(({ spans }) => spans.map((span) => ({ ...span, attributes: plain(span.attributes) }))),
    metricNames: () =>
      bodies<Metrics>('/v1/metrics')
        .flatMap(({ resourceMetrics }) => resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics))
        .flatMap(({ metrics }) => metrics.map(({ name }) => name)),
    text: () => served.map(({ text }) => text).join('\n'),
    close,
  };
}

function plain(attributes: Attributes): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, valueOf(value)]));
}

function valueOf(value: Value): unknown {
  if (value.arrayValue !== undefined) return value.arrayValue.values.map(valueOf);
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.boolValue ?? value.doubleValue;
}
