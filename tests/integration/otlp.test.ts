import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { Chain } from '../../src/chain.ts';
import { otel } from '../../src/otel/index.ts';
import { openai } from '../../src/providers/openai.ts';
import { startChatServer, type ChatServer } from '../servers/chat-server.ts';
import { startOtlpReceiver, type OtlpReceiver } from '../servers/otlp-receiver.ts';

let receiver: OtlpReceiver;
let vendor: ChatServer;

beforeAll(async () => {
  [receiver, vendor] = await Promise.all([startOtlpReceiver(), startChatServer('It begins on Thursday.')]);
});

afterAll(() => Promise.all([receiver.close(), vendor.close()]));

it('sends a run’s spans and metrics to an OTLP receiver, through the real SDK', async () => {
  const tracers = new TracerProvider({
    spanProcessors: [
      new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${receiver.url}/v1/traces` }) }),
    ],
  });
  const exporter = new OTLPMetricExporter({ url: `${receiver.url}/v1/metrics` });
  const meters = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
  const observer = otel({ tracer: tracers.getTracer('app'), meter: meters.getMeter('app') });
  const provider = openai({ model: 'gpt-5-mini', apiKey: 'sk-test-secret', baseURL: vendor.url });
  const chain = new Chain({ provider, name: 'support', observers: [observer] });
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const messages = [{ role: 'user', content: 'When does the freeze begin? 凍結はいつからですか。' }] as const;
  await chain.stream({ messages, traceparent: `00-${traceId}-00f067aa0ba902b7-01` }).result();
  await Promise.all([tracers.shutdown(), meters.shutdown()]);

  const spans = receiver.spans();
  expect(spans.map(({ name }) => name).toSorted()).toEqual([
    'chat gpt-5-mini',
    'invoke_workflow support',
    'phase answer',
  ]);
  const [attempt, phase, run] = ['chat gpt-5-mini', 'phase answer', 'invoke_workflow support'].map((name) =>
    spans.find((span) => span.name === name),
  );
  expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
  expect(run?.parentSpanId).toBe('00f067aa0ba902b7');
  expect(phase?.parentSpanId).toBe(run?.spanId);
  expect(attempt?.parentSpanId).toBe(phase?.spanId);
  // 3 is a client's span.
  expect(attempt?.kind).toBe(3);
  for (const span of spans)
    expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano));
  expect(attempt?.attributes).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-5-mini',
    'gen_ai.response.finish_reasons': ['stop'],
  });
  expect(receiver.metricNames()).toEqual(
    expect.arrayContaining([
      'gen_ai.client.operation.duration',
      'gen_ai.client.operation.time_to_first_chunk',
      'gen_ai.client.token.usage',
    ]),
  );
  expect(receiver.text()).not.toMatch(/freeze|凍結|Thursday|sk-test-secret/);
});
