import { once } from 'node:events';
import { createInterface } from 'node:readline';

import { Conversation } from '../conversation.ts';
import { KatamariError } from '../errors.ts';
import { models } from '../models/models.ts';
import { priceBy } from '../models/price-by.ts';
import { askLine } from './ask-line.ts';
import { makeChain, type ChainSettings, type MadeChain } from './chain-settings.ts';
import { chatCommand } from './chat-command.ts';
import { exitCodes } from './exit-codes.ts';
import { parseHistory, type History } from './history.ts';
import { interruptible } from './interrupts.ts';
import { print, tell } from './output.ts';
import { readInput } from './read-input.ts';
import { reportError } from './report-error.ts';
import { Screen } from './screen.ts';

/** What `katamari chat` is told. */
export interface ChatOptions extends ChainSettings {
  readonly history?: string;
  readonly id?: string;
  readonly question?: string;
  readonly once?: true;
  readonly json?: true;
}

/** A pace at which a person can watch the embedded default write, in tokens per second. */
const WATCHABLE = 120;

/** Talks until the person leaves, the input ends, or one answer is given with `once`. */
export async function chat(options: ChatOptions): Promise<void> {
  const talk = await Talk.begin(options);
  if (options.once !== undefined) {
    const question = options.question ?? talk.history?.question;
    if (question === undefined) throw new KatamariError('invalid-input', 'Say what to ask: --question "…"');
    await talk.answer(question, 'shown');
    return;
  }
  if (options.question !== undefined) await talk.answer(options.question, 'shown');
  if (process.stdin.isTTY) await talk.atTerminal();
  else
    for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
      if (line.trim() !== '') await talk.answer(line, 'shown');
      if (process.exitCode === exitCodes.interrupted) break;
    }
}

/** One conversation with a person, or with a pipe. */
class Talk {
  readonly history: History | undefined;
  readonly #conversation: Conversation;
  readonly #screen: Screen;
  readonly #options: ChatOptions;

  private constructor(options: ChatOptions, made: MadeChain, history: History | undefined) {
    const { chain, persona, provider } = made;
    this.history = history;
    this.#options = options;
    this.#conversation = new Conversation({
      chain,
      messages: history?.messages ?? [],
      onIncomplete: 'keep',
      ...(persona !== undefined && { persona }),
      ...(options.var !== undefined && { variables: options.var }),
    });
    this.#screen = new Screen(process.stdout, provider.isLanguageModel ? priceBy(models) : undefined);
    if (options.json === undefined) this.#open(made);
  }

  static async begin(options: ChatOptions): Promise<Talk> {
    const localTokensPerSecond = process.stdout.isTTY && options.json === undefined ? WATCHABLE : Infinity;
    const made = await makeChain('chat', { ...options, localTokensPerSecond });
    const { history: file, id } = options;
    const history = file === undefined ? undefined : parseHistory(await readInput(file, 'The history'), id);
    return new Talk(options, made, history);
  }

  /** Asks, shows what the run tells, and says whether it was interrupted. */
  async answer(question: string, echo: 'shown' | 'typed'): Promise<boolean> {
    const { json, once: isOnce } = this.#options;
    if (json === undefined && echo === 'shown') this.#screen.opening('', [['question', question]]);
    let finishReason: string | undefined;
    const { interrupted } = await interruptible(async (signal) => {
      const run = this.#conversation.send(question, { signal });
      if (json === undefined) this.#screen.begin();
      try {
        for await (const event of run) {
          if (event.type === 'done') ({ finishReason } = event);
          if (json !== undefined) await print(`${JSON.stringify(event)}\n`);
          else this.#screen.show(event);
          if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
        }
      } finally {
        const isWhole = isOnce !== undefined || finishReason === 'aborted';
        if (json === undefined) this.#screen.end(finishReason, isWhole ? 'table' : 'line');
      }
    });
    if (interrupted && (isOnce !== undefined || !process.stdin.isTTY))
      process.exitCode = exitCodes.interrupted;
    return interrupted;
  }

  /** Asks again and again. Ctrl-C twice leaves, whether the first one stopped an answer or met an empty prompt. */
  async atTerminal(): Promise<void> {
    const earlier: string[] = [];
    let isPressed = false;
    for (;;) {
      const asked = await askLine('> ', earlier);
      if (asked === 'end') return;
      if (asked === 'interrupt') {
        if (isPressed) {
          process.exitCode = exitCodes.interrupted;
          return;
        }
        isPressed = true;
        tell('Ctrl-C once more leaves.', 'dim');
        continue;
      }
      isPressed = false;
      const line = asked.line.trim();
      if (line === '') continue;
      earlier.unshift(line);
      if (line === '/quit') return;
      isPressed = await this.#take(line);
    }
  }

  /** A failed run is told, and the talk goes on. */
  async #take(line: string): Promise<boolean> {
    try {
      if (!line.startsWith('/')) return await this.answer(line, 'typed');
      await chatCommand(line, this.#conversation);
    } catch (error) {
      reportError(error);
    }
    return false;
  }

  #open({ chain, persona, provider }: MadeChain): void {
    const { budget } = this.#options;
    const steps = new Set(chain.steps.map(({ name }) => name));
    if (persona !== undefined) steps.add('persona');
    const names = ['persona', 'trim', 'reflect'].filter((name) => steps.has(name));
    const kind = provider.isLanguageModel
      ? ''
      : ' (extractive: no language model, it quotes the conversation)';
    const { history } = this;
    const rows: (readonly [string, string] | undefined)[] = [
      history && ['conversation', `${history.title ?? 'untitled'}, ${history.messages.length} messages`],
      persona && ['persona', persona.name],
      budget === undefined ? undefined : ['budget', `${budget} tokens`],
      ['provider', `${provider.name} / ${provider.model}${kind}`],
    ];
    this.#screen.opening(
      `katamari${names.length === 0 ? '' : `: ${names.join(' → ')}`}`,
      rows.filter((row) => row !== undefined),
    );
  }
}
