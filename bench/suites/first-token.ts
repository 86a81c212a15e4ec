import { compete } from '../harness/compete.ts';
import { CHAT_FIELD } from '../harness/contender.ts';
import { Contestant } from '../harness/contestant.ts';
import { medianOf } from '../harness/statistics.ts';
import { atMost, figure, type Suite, type SuiteOptions } from '../harness/table.ts';

const PROTOCOL = 'openai-chat';

/** Milliseconds from the call to the first text: in a process that has just imported what it needs, and warm. */
export const firstToken: Suite = async (options) => {
  const root = `${options.server}/tokens=20&batch=1&protocol=${PROTOCOL}`;
  const cold = await coldTimes(root, options);
  const rounds = options.quick ? 10 : 60;
  const standings = await compete({
    protocol: PROTOCOL,
    names: CHAT_FIELD,
    root,
    rounds,
    warmUps: 30,
    pieces: 20,
  });
  const warm = new Map(
    standings.map(({ name, costs }) => [name, medianOf(costs.map(({ firstTokenMs }) => firstTokenMs))]),
  );
  const added = (times: ReadonlyMap<string, number>, name: string): number =>
    (times.get(name) ?? Number.NaN) - (times.get('bare') ?? Number.NaN);
  return [
    {
      title: 'Time to the first token',
      about:
        'Milliseconds from the call to the first text, medians; cold is the first call of a process, after its imports, the tokenizer table and everything else that loads late included.',
      columns: ['', 'cold', 'added to bare', 'warm', 'added to bare'],
      rows: CHAT_FIELD.map((name) => [
        name,
        figure(cold.get(name) ?? Number.NaN),
        figure(added(cold, name)),
        figure(warm.get(name) ?? Number.NaN),
        figure(added(warm, name)),
      ]),
      bars: [
        atMost('first token added, warm', 2, added(warm, 'katamari'), ' ms'),
        atMost('first token added, first call of a process', 60, added(cold, 'katamari'), ' ms'),
      ],
    },
  ];
};

async function coldTimes(root: string, { quick }: SuiteOptions): Promise<ReadonlyMap<string, number>> {
  const times = new Map(CHAT_FIELD.map((name) => [name, [] as number[]]));
  for (let round = 0; round < (quick ? 2 : 7); round += 1) {
    for (const name of CHAT_FIELD) {
      const contestant = await Contestant.start({ name, protocol: PROTOCOL });
      times.get(name)?.push((await contestant.answer(root)).firstTokenMs);
      contestant.stop();
    }
  }
  return new Map(Array.from(times, ([name, values]) => [name, medianOf(values)]));
}
