import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

import { summarisePage } from 'katamari/log';

import { firstTokenPairs, type FirstTokenPair } from './first-token-pairs.ts';
import { rampMs, type SoakSettings } from './settings.ts';

/** What the readers count. */
interface ReaderCounts {
  readonly runs: number;
  readonly completed: number;
  readonly failed: number;
  readonly events: number;
  readonly connections: number;
  readonly drops: number;
  readonly breaks: number;
  readonly lost: number;
  readonly doubled: number;
  readonly different: number;
  readonly notCompared: number;
  readonly wrongTexts: number;
  readonly codes: Readonly<Record<string, number>>;
}

/** What came of a soak. */
export interface SoakResult {
  readonly readers: ReaderCounts;
  readonly provider: {
    readonly requests: number;
    readonly cut: number;
    readonly stall: number;
    readonly limit: number;
    readonly open: number;
  };
  /** Memory of the server that lived after each full collection while the readers read, in bytes. */
  readonly liveBytes: readonly number[];
  readonly rss: number;
  /** Share of one core that the server took. */
  readonly cores: number;
  /** At the end: runs, streams and places that are still taken. */
  readonly left: { readonly running: number; readonly queued: number; readonly streams: number };
  readonly idlePairs: readonly FirstTokenPair[];
  readonly loadedPairs: readonly FirstTokenPair[];
  readonly eventDelayP95Ms: number | null;
}

interface Memory {
  readonly liveBytes: readonly number[];
  readonly rss: number;
  readonly cpuMs: number;
}

/** Server, provider and readers, each in a process of its own; what measures latency is this process, which has nothing else to do. */
export async function runSoak(settings: SoakSettings): Promise<SoakResult> {
  const children: ChildProcess[] = [];
  const start = (name: string, ...parameters: string[]): ChildProcess => {
    const child = fork(`tests/soak/${name}.ts`, [JSON.stringify(settings), ...parameters], {
      execPath: process.execPath,
      execArgv: ['--conditions=@katamari/source'],
    });
    children.push(child);
    return child;
  };
  try {
    const provider = start('provider');
    const providerUrl = await told<string>(provider);
    const host = start('host', providerUrl);
    const hostUrl = await told<string>(host);
    const idleUntil = performance.now() + Math.min(8000, settings.seconds * 200);
    const idlePairs = await firstTokenPairs(providerUrl, hostUrl, () => performance.now() > idleUntil, 5);

    const before = await asked<Memory>(host);
    const began = performance.now();
    const readers = start('readers', hostUrl);
    const counted = told<ReaderCounts>(readers);
    const endsAt = began + settings.seconds * 1000;
    const isOver = (): boolean => performance.now() > endsAt;
    // Measured once all of them read: how a process warms up is another question.
    await new Promise((resolve) => setTimeout(resolve, rampMs(settings)));
    const loadedPairs = await firstTokenPairs(providerUrl, hostUrl, isOver);
    const counts = await counted;
    const after = await asked<Memory>(host);
    const elapsedMs = performance.now() - began;
    const { left, page } = await settledState(hostUrl);
    return {
      readers: counts,
      provider: await asked(provider),
      liveBytes: after.liveBytes.slice(before.liveBytes.length),
      rss: after.rss,
      cores: (after.cpuMs - before.cpuMs) / elapsedMs,
      left,
      idlePairs,
      loadedPairs,
      eventDelayP95Ms: delayOf(page),
    };
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

/** The next word of a child. */
async function told<T>(child: ChildProcess): Promise<T> {
  const over = new AbortController();
  const { signal } = over;
  const exited = once(child, 'exit', { signal }).then(() => {
    throw new Error(`A process of the soak ended early: ${child.spawnargs.join(' ')}`);
  });
  exited.catch(() => undefined);
  const [word] = (await Promise.race([once(child, 'message', { signal }), exited])) as [T];
  over.abort();
  return word;
}

async function asked<T>(child: ChildProcess): Promise<T> {
  child.send('how is it?');
  return told<T>(child);
}

/** What is still taken once everybody has had the time to leave. */
async function settledState(host: string): Promise<{ left: SoakResult['left']; page: string }> {
  for (let tries = 0; ; tries++) {
    const health = (await (await fetch(`${host}/healthz`)).json()) as { running: number; queued: number };
    const page = await (await fetch(`${host}/metrics`)).text();
    const streams = Number(/^katamari_streams_open (\d+)/m.exec(page)?.[1] ?? Number.NaN);
    const left = { running: health.running, queued: health.queued, streams };
    if (tries === 40 || left.running + left.queued + left.streams === 0) return { left, page };
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function delayOf(page: string): number | null {
  return summarisePage(page).streams?.event_delay_ms?.p95 ?? null;
}
