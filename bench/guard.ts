import { completedEvent, labelsOf } from '../src/attempt-events.ts';
import { Chain } from '../src/chain.ts';
import type { ChainEvent } from '../src/event.ts';
import { forbid } from '../src/persona/guard/forbid-step.ts';
import type { Provider } from '../src/provider.ts';
import type { Step } from '../src/step.ts';

/*
 * CPU per token of a chain with a guard beside the same chain without one: a ratio of runs that take turns, so that the machine's load falls on
 * both. Batches of eight tokens, from memory.
 *
 *   npx node --conditions=@katamari/source bench/guard.ts [rounds] [tokens]
 */

const [rounds = 7, tokens = 200_000] = process.argv.slice(2).map(Number);
const ENGLISH = ['The ', 'launch ', 'moves ', 'to ', 'Wednesday', ', since ', 'Tuesday is', ' a holiday. '];
const JAPANESE = ['会議は', '火曜日', 'から水', '曜日に', '変更', 'されま', 'した', '。'];

function providerOf(words: readonly string[]): Provider {
  return {
    name: 'memory',
    model: 'memory-1',
    isLanguageModel: false,
    async *generate(_, context) {
      const labels = labelsOf(context);
      const batch = words.map((text): ChainEvent => ({ type: 'token', ...labels, text }));
      for (let sent = 0; sent < tokens; sent += batch.length) yield [...batch];
      yield [completedEvent(labels, { finishReason: 'stop' })];
    },
  };
}

async function cpuPerToken(provider: Provider, step: Step | undefined): Promise<number> {
  const chain = new Chain({ provider });
  const run = (step === undefined ? chain : chain.use(step)).stream({
    messages: [{ role: 'user', content: 'Hi' }],
  });
  const before = process.cpuUsage();
  let length = 0;
  for await (const event of run) if (event.type === 'token') length += event.text.length;
  const { user, system } = process.cpuUsage(before);
  if (length === 0) throw new Error('no tokens came');
  return (user + system) / tokens;
}

const many = Array.from({ length: 100_000 }, (_, index) => `禁句${index.toString(36)}`);
const guards: Readonly<Record<string, Step>> = {
  'one term, no candidate': forbid(['zzz禁句']),
  'ten terms': forbid([
    'synergy',
    'leverage',
    'deep dive',
    'ASAP',
    'world-class',
    '前向きに検討',
    '善処',
    '弊社',
    '鋭意',
    'バズる',
  ]),
  '100,000 terms': forbid(many),
  'class:email, class:url, class:phone': forbid(['class:email', 'class:url', 'class:phone']),
};

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

for (const [language, words] of Object.entries({ English: ENGLISH, Japanese: JAPANESE })) {
  const provider = providerOf(words);
  for (const [name, step] of Object.entries(guards)) {
    const pairs: (readonly [bare: number, guarded: number])[] = [];
    for (let round = 0; round <= rounds; round++) {
      const bare = await cpuPerToken(provider, undefined);
      pairs.push([bare, await cpuPerToken(provider, step)]);
    }
    // The first round warms up.
    const measured = pairs.slice(1);
    const ratio = median(measured.map(([bare, guarded]) => guarded / bare));
    const added = median(measured.map(([bare, guarded]) => guarded - bare));
    console.log(
      `${language}, ${name}: ${ratio.toFixed(2)} times the chain without it, ${added.toFixed(2)} µs a token more`,
    );
  }
}
