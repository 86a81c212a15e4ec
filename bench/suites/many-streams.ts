import { CHAT_FIELD } from '../harness/contender.ts';
import { Contestant, type HeldCost } from '../harness/contestant.ts';
import { medianOf } from '../harness/statistics.ts';
import { atMost, figure, type Bar, type Suite, type Table } from '../harness/table.ts';

const PROTOCOL = 'openai-chat';
/** Pieces that each stream must have brought before the memory is read. */
const PIECES = 3;

/** What many slow streams hold at once. */
export const manyStreams: Suite = async ({ quick, server }) => {
  const root = `${server}/tokens=300&batch=1&pauseMs=250&protocol=${PROTOCOL}`;
  const tables: Table[] = [];
  for (const streams of quick ? [100] : [100, 500, 1000]) {
    const held = new Map<string, HeldCost>();
    for (const name of CHAT_FIELD) held.set(name, await middleOf(name, root, streams, quick ? 1 : 2));
    tables.push(tableOf(streams, held));
  }
  return tables;
};

/** Each time a new process, so that nothing of an earlier time is still there; one small warm-up, so that code is loaded. */
async function middleOf(name: string, root: string, streams: number, times: number): Promise<HeldCost> {
  const costs: HeldCost[] = [];
  for (let time = 0; time < times; time += 1) {
    const contestant = await Contestant.start({ name, protocol: PROTOCOL });
    await contestant.hold(root, 20, PIECES);
    costs.push(await contestant.hold(root, streams, PIECES));
    contestant.stop();
  }
  const middle = (of: (cost: HeldCost) => number): number => medianOf(costs.map(of));
  return {
    heapBytes: middle(({ heapBytes }) => heapBytes),
    rssBytes: middle(({ rssBytes }) => rssBytes),
    cpuMs: middle(({ cpuMs }) => cpuMs),
    pieces: middle(({ pieces }) => pieces),
  };
}

function tableOf(streams: number, held: ReadonlyMap<string, HeldCost>): Table {
  const least = held.get('bare');
  const ratio = (name: string, of: (cost: HeldCost) => number, base = least): number => {
    const cost = held.get(name);
    return cost === undefined || base === undefined ? Number.NaN : of(cost) / of(base);
  };
  const rows = Array.from(held, ([name, { heapBytes, rssBytes, cpuMs }]) => [
    name,
    figure(heapBytes / streams / 1024),
    figure(ratio(name, (cost) => cost.heapBytes)),
    figure(rssBytes / streams / 1024),
    figure(ratio(name, (cost) => cost.rssBytes)),
    figure(cpuMs / streams),
  ]);
  const bars: Bar[] = [
    atMost(
      `${streams} streams: heap to bare`,
      1.3,
      ratio('katamari', (cost) => cost.heapBytes),
    ),
    atMost(
      `${streams} streams: RSS to the AI SDK`,
      0.25,
      ratio('katamari', (cost) => cost.rssBytes, held.get('AI SDK')),
    ),
  ];
  return {
    title: `${streams} slow streams at once`,
    about: `Heap with external memory after a garbage collection, resident memory, and CPU since they were opened: KiB and ms by stream, above the process before, once each has brought ${PIECES} pieces of text.`,
    columns: ['', 'heap, KiB', 'ratio', 'RSS, KiB', 'ratio', 'CPU, ms'],
    rows,
    bars,
    notes: [
      `The least that can be done takes ${figure(ratio('bare', (cost) => cost.rssBytes, held.get('AI SDK')))} of the AI SDK's RSS.`,
    ],
  };
}
