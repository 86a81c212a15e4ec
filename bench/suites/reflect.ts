import { compete, standingOf } from '../harness/compete.ts';
import { medianOf } from '../harness/statistics.ts';
import { atMost, figure, type Suite } from '../harness/table.ts';

const TOKENS = 2000;
const NAMES = ['bare, three calls', 'katamari reflect', 'AI SDK, three calls'];

/** Draft, critique and final: three calls, of which each gets what the one before it wrote. */
export const reflect: Suite = async ({ quick, server }) => {
  const protocol = 'openai-chat';
  const standings = await compete({
    protocol,
    names: NAMES,
    root: `${server}/tokens=${TOKENS}&batch=16&protocol=${protocol}`,
    rounds: quick ? 5 : 30,
    warmUps: quick ? 5 : 15,
    pieces: TOKENS,
  });
  const rows = standings.map(({ name, costs, cpuRatio }) => [
    name,
    figure(medianOf(costs.map(({ cpuMs }) => (cpuMs * 1000) / (3 * TOKENS)))),
    `${figure(cpuRatio.median)} (${figure(cpuRatio.low)}–${figure(cpuRatio.high)})`,
  ]);
  return [
    {
      title: 'Reflect: draft, critique, final',
      about: `Three calls with answers of ${TOKENS} tokens, 16 events a write. The bare calls send a short question and no draft. µs of CPU per token.`,
      columns: ['', 'µs', 'ratio'],
      rows,
      bars: [
        atMost('reflect to three bare calls', 1.2, standingOf(standings, 'katamari reflect').cpuRatio.median),
      ],
    },
  ];
};
