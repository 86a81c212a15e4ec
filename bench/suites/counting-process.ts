import { counters, type Count } from './counters.ts';

/*
 * The process of one counter: loads it, counts texts that it has not seen, then the same ones again. Texts come as one JSON array per kind
 * from the parent; started by the suite of counting.
 */

/** What one counter did. */
export interface CounterReport {
  /** Until the first count, in milliseconds of CPU. */
  readonly loadMs: number;
  /** Resident memory that loading took, in MB. */
  readonly loadMB: number;
  /** MB of UTF-8 by second of CPU, at first and at its best of three more times. */
  readonly kinds: Readonly<Record<string, { readonly unseen: number; readonly warm: number }>>;
  /** How many of the hostile texts were counted, and each count; −1 where the counter threw. */
  readonly hostile: readonly number[];
}

/** What a counter is given. */
export interface CounterTask {
  readonly kinds: Readonly<Record<string, readonly string[]>>;
  readonly hostile: readonly string[];
}

const cpuMs = (work: () => void): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

function countOrFail(count: Count, text: string): number {
  try {
    return count(text);
  } catch {
    return -1;
  }
}

function speedOf(count: Count, texts: readonly string[]): { unseen: number; warm: number } {
  const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;
  const pass = (): number =>
    megabytes / (cpuMs(() => texts.forEach((text) => void countOrFail(count, text))) / 1000);
  const unseen = pass();
  return { unseen, warm: Math.max(pass(), pass(), pass()) };
}

process.on('message', ({ kinds, hostile }: CounterTask) => {
  const run = async (): Promise<CounterReport> => {
    const rssBefore = process.memoryUsage().rss;
    const before = process.cpuUsage();
    const count = await counters[process.argv[2] ?? '']?.();
    if (count === undefined) throw new Error('no such counter');
    count('ready');
    const { user, system } = process.cpuUsage(before);
    const loadMB = (process.memoryUsage().rss - rssBefore) / 1e6;
    const speeds = Object.entries(kinds).map(([kind, texts]) => [kind, speedOf(count, texts)]);
    return {
      loadMs: (user + system) / 1000,
      loadMB,
      kinds: Object.fromEntries(speeds) as CounterReport['kinds'],
      hostile: hostile.map((text) => countOrFail(count, text)),
    };
  };
  run().then(
    (report) => process.send?.(report),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
