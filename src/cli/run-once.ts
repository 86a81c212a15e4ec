import { KatamariError } from '../errors.ts';
import type { ChainEvent, MetricsEvent } from '../event.ts';
import type { Message } from '../message.ts';
import { persona as personaStep } from '../persona/persona-step.ts';
import type { Run } from '../run.ts';
import { makeChain, type ChainSettings } from './chain-settings.ts';
import { exitCodes } from './exit-codes.ts';
import { parseHistory } from './history.ts';
import { interruptible } from './interrupts.ts';
import { metricsTable } from './metrics-table.ts';
import { print, printJson, tell } from './output.ts';
import { readInput } from './read-input.ts';

/** What `katamari run` is told. */
export interface RunOptions extends ChainSettings {
  readonly history?: string;
  readonly id?: string;
  readonly metrics?: true;
  readonly json?: true;
}

/** Answers once: the answer to stdout, all else to stderr. */
export async function runOnce(words: readonly string[], options: RunOptions): Promise<void> {
  const made = await makeChain('run', options);
  const { persona } = made;
  const variables = options.var && { variables: options.var };
  const chain = persona === undefined ? made.chain : made.chain.use(personaStep(persona, variables));
  const messages = await messagesOf(words, options);
  const metrics: MetricsEvent[] = [];
  const { value, interrupted } = await interruptible(async (signal) => {
    const run = chain.stream({ messages, signal, observers: [{ events: (batch) => watch(batch, metrics) }] });
    if (options.json === undefined) await printAnswer(run);
    const result = await run.result();
    if (options.json !== undefined) await printJson(result);
    return result;
  });
  if (options.metrics !== undefined || interrupted) tell(metricsTable(metrics).trimEnd());
  if (interrupted) process.exitCode = exitCodes.interrupted;
  else if (value.finishReason !== 'stop') tell(`The answer ended early: ${value.finishReason}.`, 'yellow');
}

async function messagesOf(
  words: readonly string[],
  { history, id }: RunOptions,
): Promise<readonly Message[]> {
  const before =
    history === undefined ? undefined : parseHistory(await readInput(history, 'The history'), id);
  const said = words.length === 0 ? ['-'] : words;
  const takesStdin = said.includes('-');
  if (takesStdin && history === '-')
    throw new KatamariError('invalid-input', 'stdin is the history already: say the question in words.');
  const input = takesStdin ? await readInput('-', 'The question') : '';
  const content = said
    .map((word) => (word === '-' ? `\n\n${input}` : word))
    .join(' ')
    .trim();
  if (content === '')
    throw new KatamariError('invalid-input', 'There is nothing to answer: the input is empty.');
  return [...(before?.messages ?? []), { role: 'user', content }];
}

async function printAnswer(run: Run): Promise<void> {
  let last = '';
  for await (const text of run.tokens()) {
    await print(text);
    last = text;
  }
  if (!last.endsWith('\n')) await print('\n');
}

function watch(batch: readonly ChainEvent[], metrics: MetricsEvent[]): void {
  for (const event of batch) {
    if (event.type === 'metrics') metrics.push(event);
    else if (event.type === 'issue' && event.severity !== 'info')
      tell(`${event.severity}: ${event.message}`, 'yellow');
    else if (event.type === 'attempt-end' && event.outcome === 'failed' && event.delayMs !== null)
      tell(`${event.error?.code ?? 'unknown'}: next attempt in ${Math.round(event.delayMs)} ms`, 'yellow');
  }
}
