/**
 * The main job, end to end: a long conversation, a persona and what it forbids, trim to a budget, reflect; streamed, and measured.
 * `npm run demo`, or `npm run demo -- --help`.
 */
import {
  Chain,
  forbid,
  isKatamariError,
  persona,
  reflect,
  trim,
  type ChainEvent,
  type Message,
} from 'katamari';

import { chooseHistory } from './choose-history.ts';
import { choosePersona } from './choose-persona.ts';
import { chooseProvider } from './choose-provider.ts';
import { readOptions, usage } from './read-options.ts';
import { Screen } from './screen.ts';

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(usage);
    return;
  }
  const { messages, question, title } = await chooseHistory(options);
  const who = await choosePersona(options.persona);
  const provider = chooseProvider(options);
  const chain = new Chain({ provider, name: 'demo' })
    .use(persona(who))
    .use(forbid(who))
    .use(trim({ targetTokens: options.budget, minTurns: 2 }))
    .use(reflect({ maxRounds: options.rounds }));

  const asked: Message[] = [...messages, { role: 'user', content: question }];
  const stop = new AbortController();
  process.once('SIGINT', () => {
    stop.abort();
  });
  const run = chain.stream({ messages: asked, signal: stop.signal });
  const screen = new Screen(process.stdout, { json: options.json });
  screen.opening({
    title,
    question,
    messages: asked.length,
    persona: who.name,
    budget: options.budget,
    provider,
  });
  for await (const event of run as AsyncIterable<ChainEvent>) screen.show(event);
}

main().catch((error: unknown) => {
  const message = isKatamariError(error) ? `${error.code}: ${error.message}` : String(error);
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
});
