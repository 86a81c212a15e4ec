import { CHAT_FIELD } from '../harness/contender.ts';
import { Contestant } from '../harness/contestant.ts';
import { figure, type Suite } from '../harness/table.ts';

const PROTOCOL = 'openai-chat';
const HEAP_MB = 80;
const ANSWER_MB = 96;
/** No contender may take longer, in milliseconds. */
const PATIENCE_MS = 60_000;

/** An answer that is larger than the heap of the process that reads it. */
export const longAnswer: Suite = async ({ quick, server }) => {
  const size = quick ? 8 : ANSWER_MB;
  const root = `${server}/tokens=${size * 64}&batch=1&size=16384&protocol=${PROTOCOL}`;
  const rows: string[][] = [];
  let survived = false;
  for (const name of CHAT_FIELD) {
    const outcome = await read(name, root);
    if (name === 'katamari') survived = outcome.read;
    rows.push([name, outcome.read ? 'yes' : 'no', outcome.peak, outcome.cpu]);
  }
  return [
    {
      title: `An answer of ${size} MiB in a heap of ${HEAP_MB} MiB`,
      about: `Read piece by piece in a process with \`--max-old-space-size=${HEAP_MB}\`; «no» is a process that died of it, or took more than ${PATIENCE_MS / 1000} s. Peak of resident memory in MiB, CPU in seconds.`,
      columns: ['', 'read to the end', 'peak, MiB', 'CPU, s'],
      rows,
      bars: [
        {
          what: `${size} MiB through a heap of ${HEAP_MB} MiB`,
          bar: 'read to the end',
          measured: survived ? 'read to the end' : 'died',
          held: survived,
        },
      ],
    },
  ];
};

async function read(name: string, root: string): Promise<{ read: boolean; peak: string; cpu: string }> {
  const flags = [`--max-old-space-size=${HEAP_MB}`];
  const contestant = await Contestant.start({ name, protocol: PROTOCOL, flags });
  const timer = setTimeout(() => contestant.stop(), PATIENCE_MS);
  try {
    const { cpuMs } = await contestant.answer(root);
    const peak = await contestant.peak();
    return { read: true, peak: figure(peak / 2 ** 20), cpu: figure(cpuMs / 1000) };
  } catch {
    return { read: false, peak: '–', cpu: '–' };
  } finally {
    clearTimeout(timer);
    contestant.stop();
  }
}
