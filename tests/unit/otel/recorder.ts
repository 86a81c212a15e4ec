import { context, type Attributes } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import {
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type Histogram,
} from '@opentelemetry/sdk-metrics';
import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
  type ReadableSpan,
} from '@opentelemetry/sdk-trace';

import { otel } from '../../../src/otel/index.ts';

/** A point of a histogram, as a test wants to see it. */
export interface Point {
  readonly attributes: Attributes;
  readonly count: number;
  readonly sum: number | undefined;
  readonly bounds: readonly number[];
}

/** The real SDK, keeping what it is told in memory. */
export function record(options: { readonly captureContent?: boolean } = {}) {
  const spans = new InMemorySpanExporter();
  let open = 0;
  const counter = {
    onStart: () => void open++,
    onEnd: () => void open--,
    forceFlush: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
  };
  const tracers = new TracerProvider({
    spanProcessors: [counter, new SimpleSpanProcessor({ exporter: spans })],
  });
  const metrics = new InMemoryMetricExporter(1);
  const reader = new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 2 ** 30 });
  const meters = new MeterProvider({ readers: [reader] });
  const tracer = tracers.getTracer('test');
  return {
    tracer,
    observer: otel({ tracer, meter: meters.getMeter('test'), ...options }),
    /** Spans that were started and not ended. */
    get open() {
      return open;
    },
    get spans(): readonly ReadableSpan[] {
      return spans.getFinishedSpans();
    },
    span(name: string): ReadableSpan {
      const span = spans.getFinishedSpans().find((finished) => finished.name === name);
      if (span === undefined) throw new Error(`There is no span «${name}».`);
      return span;
    },
    /** The spans as an indented list of names. */
    tree(): string {
      const all = spans.getFinishedSpans().toSorted((a, b) => order(a) - order(b));
      const lines = (parent: string | undefined, depth: number): string[] =>
        all.flatMap((span) =>
          span.parentSpanContext?.spanId === parent
            ? [`${'  '.repeat(depth)}${span.name}`, ...lines(span.spanContext().spanId, depth + 1)]
            : [],
        );
      return lines(undefined, 0).join('\n');
    },
    async points(name: string): Promise<readonly Point[]> {
      metrics.reset();
      await reader.forceFlush();
      const all = metrics
        .getMetrics()
        .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
      const found = all.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? [];
      return found.map(({ attributes, value }) => {
        const { count, sum, buckets } = value as Histogram;
        return { attributes, count, sum, bounds: buckets.boundaries };
      });
    },
    shutdown: () => Promise.all([tracers.shutdown(), meters.shutdown()]),
  };
}

function order(span: ReadableSpan): number {
  return span.startTime[0] * 1e9 + span.startTime[1];
}

/** Lets the active span be known across awaits, as the Node SDK does. */
export function useContexts(): () => void {
  const manager = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(manager);
  return () => {
    manager.disable();
    context.disable();
  };
}
