import { quantile } from './first-token-pairs.ts';
import type { SoakResult } from './run-soak.ts';

/** One line of the result. */
export interface Verdict {
  readonly what: string;
  readonly value: string;
  readonly bar: string;
  /** `null` for what is told and not judged. */
  readonly ok: boolean | null;
}

/** What must hold on any machine. */
export function soundness({ readers, provider, left, liveBytes }: SoakResult): Verdict[] {
  const growth = growthOf(liveBytes);
  const faults = `${provider.cut} cut, ${provider.stall} stalled, ${provider.limit} rate-limited`;
  const share = readers.breaks / Math.max(1, readers.connections);
  const stillTaken = left.running + left.queued + left.streams;
  return [
    told('runs', `${readers.runs} (${readers.completed} completed, ${readers.failed} failed)`),
    told('events read', String(readers.events)),
    told('provider', `${provider.requests} requests: ${faults}`),
    told('connections', `${readers.connections}, ${readers.drops} dropped by their reader and resumed`),
    judged('events lost', readers.lost, '0', readers.lost === 0),
    judged('events doubled', readers.doubled, '0', readers.doubled === 0),
    judged('events that differ from what the server keeps', readers.different, '0', readers.different === 0),
    judged('runs that could not be compared', readers.notCompared, '0', readers.notCompared === 0),
    judged(
      'answers that differ from the provider’s',
      readers.wrongTexts,
      '0',
      readers.wrongTexts === 0 && readers.completed > 0,
    ),
    judged(
      'runs, places and streams left',
      `${left.running}, ${left.queued}, ${left.streams}`,
      '0',
      stillTaken === 0,
    ),
    judged('connections left at the provider', provider.open, '0', provider.open === 0),
    judged('breaks, drops left out', `${(share * 100).toFixed(2)} %`, '< 1 %', share < 0.01),
    judged(
      'live memory, last third over middle third',
      `${(growth * 100).toFixed(0)} %`,
      '≤ 115 %',
      growth <= 1.15,
    ),
  ];
}

/** What depends on the machine and on what else it does. */
export function latency({ idlePairs, loadedPairs, eventDelayP95Ms, rss, cores }: SoakResult): Verdict[] {
  const added = (pairs: SoakResult['idlePairs'], share: number): number =>
    quantile(
      pairs.map(({ bareMs, servedMs }) => servedMs - bareMs),
      share,
    );
  const p95 = added(loadedPairs, 0.95);
  return [
    told(
      'added to the first token, no readers',
      `p50 ${ms(added(idlePairs, 0.5))}, p95 ${ms(added(idlePairs, 0.95))}`,
    ),
    told(
      'bare provider, under load',
      `p50 ${ms(
        quantile(
          loadedPairs.map(({ bareMs }) => bareMs),
          0.5,
        ),
      )}, p95 ${ms(
        quantile(
          loadedPairs.map(({ bareMs }) => bareMs),
          0.95,
        ),
      )}`,
    ),
    judged(
      `added to the first token, under load, p95 of ${loadedPairs.length} pairs`,
      `${ms(p95)} (p50 ${ms(added(loadedPairs, 0.5))})`,
      '≤ 20 ms',
      p95 <= 20,
    ),
    judged(
      'event to reader, p95',
      eventDelayP95Ms === null ? '-' : ms(eventDelayP95Ms),
      '≤ 300 ms',
      eventDelayP95Ms !== null && eventDelayP95Ms <= 300,
    ),
    told('server', `${(rss / 2 ** 20).toFixed(0)} MiB resident, ${cores.toFixed(2)} cores`),
  ];
}

/** Mean of the last third over mean of the middle third: what warms up is over by then. */
function growthOf(samples: readonly number[]): number {
  const third = Math.floor(samples.length / 3);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return mean(samples.slice(-third)) / mean(samples.slice(third, samples.length - third));
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}

function told(what: string, value: string): Verdict {
  return { what, value, bar: '', ok: null };
}

function judged(what: string, value: string | number, bar: string, ok: boolean): Verdict {
  return { what, value: String(value), bar, ok };
}
