/* The readers of the soak, in a process of their own: each reads one run after another, and drops its connection at random. */
import { isKatamariError, type ChainEvent } from 'katamari';
import { connect } from 'katamari/sse';

import { DROPS, MOODY_MODEL, rampMs, randomOf, settingsOf, tokenAt } from './settings.ts';

const settings = settingsOf(process.argv[2]);
const { readers, seconds, seed, tokens, paceMs } = settings;
const url = process.argv[3] ?? '';
const endsAt = performance.now() + seconds * 1000;
const text = Array.from({ length: tokens }, (_, index) => tokenAt(index)).join('');
const body = { messages: [{ role: 'user', content: '数えて' }], model: MOODY_MODEL };

/** What all readers saw together. */
const seen = {
  runs: 0,
  completed: 0,
  failed: 0,
  events: 0,
  connections: 0,
  drops: 0,
  /** Connections that broke and were not dropped by their reader. */
  breaks: 0,
  lost: 0,
  doubled: 0,
  /** Events that differ from what the server keeps at their number. */
  different: 0,
  /** Runs of which the server keeps nothing any more: their reader was away for too long. */
  notCompared: 0,
  /** Completed answers whose text is not the provider's. */
  wrongTexts: 0,
  /** Codes of what readings failed with. */
  codes: {} as Record<string, number>,
};

class Reader {
  readonly #random: () => number;
  #hasDropped = false;

  constructor(number: number) {
    this.#random = randomOf(seed * 1_000_003 + number);
  }

  async readOn(): Promise<void> {
    // Not all at the same moment.
    await new Promise((resolve) => setTimeout(resolve, this.#random() * rampMs(settings)));
    while (performance.now() < endsAt) await this.#readRun();
  }

  async #readRun(): Promise<void> {
    seen.runs++;
    const events: ChainEvent[] = [];
    try {
      const reading = connect(`${url}/v1/runs`, { body, fetch: this.#fetch, onReconnect: this.#onReconnect });
      for await (const event of reading) events.push(event);
      seen.completed++;
      if (answerOf(events) !== text) seen.wrongTexts++;
    } catch (error) {
      seen.failed++;
      const code = isKatamariError(error) ? error.code : String(error);
      seen.codes[code] = (seen.codes[code] ?? 0) + 1;
    }
    seen.events += events.length;
    await compare(events);
  }

  readonly #onReconnect = (): void => {
    if (this.#hasDropped) seen.drops++;
    else seen.breaks++;
    this.#hasDropped = false;
  };

  /** A network that fails when this reader's luck says so. */
  readonly #fetch = async (address: string, init: RequestInit): Promise<Response> => {
    seen.connections++;
    const cut = new AbortController();
    const signal = AbortSignal.any([cut.signal, ...(init.signal ? [init.signal] : [])]);
    const response = await fetch(address, { ...init, signal });
    this.#hasDropped = false;
    if (this.#random() < DROPS) {
      const drop = setTimeout(
        () => {
          this.#hasDropped = true;
          cut.abort(new TypeError('terminated'));
        },
        this.#random() * tokens * paceMs,
      );
      signal.addEventListener('abort', () => clearTimeout(drop), { once: true });
    }
    return response;
  };
}

/** The text of the attempt that was not superseded. */
function answerOf(events: readonly ChainEvent[]): string {
  let answer = '';
  for (const event of events) {
    if (event.type === 'attempt-start') answer = '';
    if (event.type === 'token') answer += event.text;
  }
  return answer;
}

/** What was read, beside what the server keeps, read once more without `connect`. */
async function compare(events: readonly ChainEvent[]): Promise<void> {
  const req_id = events[0]?.req_id;
  if (req_id === undefined) return;
  const response = await fetch(`${url}/v1/runs/${req_id}/events`);
  if (!response.ok) {
    seen.notCompared++;
    return;
  }
  const frames = [...(await response.text()).matchAll(/^id: (\d+)\ndata: (.*)$/gm)];
  const kept = new Map(frames.map(([, id = '', data = '']) => [Number(id), data]));
  seen.lost += Math.max(0, kept.size - events.length);
  seen.doubled += Math.max(0, events.length - kept.size);
  for (const [index, event] of events.entries())
    if (kept.get(index + 1) !== JSON.stringify(event)) seen.different++;
}

process.on('disconnect', () => process.exit());
await Promise.all(Array.from({ length: readers }, (_, number) => new Reader(number).readOn()));
process.send?.(seen, () => process.exit());
