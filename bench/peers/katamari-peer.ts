import { BudgetImpossibleError } from '../../src/errors.ts';
import { loadCounter } from '../../src/tokens/load-counter.ts';
import { RequestCounter } from '../../src/tokens/request-counter.ts';
import { trimMessages, type TrimMessagesOptions } from '../../src/trim/trim-messages.ts';
import type { Peer, Placed } from './peer.ts';

/** `trimMessages` with an o200k counter, as a step of a chain has it for a model of OpenAI, or with the estimate that is its default. */
export async function katamariPeer(
  name: string,
  options: Omit<TrimMessagesOptions, 'targetTokens' | 'counter'> = {},
  counts: 'o200k' | 'estimate' = 'o200k',
): Promise<Peer> {
  const counter = counts === 'o200k' ? new RequestCounter(await loadCounter('gpt-5-mini')) : undefined;
  return {
    name,
    hasBudget: true,
    prepare(history) {
      const input = history.map(({ message }) => message);
      return {
        input,
        trim: (targetTokens) =>
          Promise.resolve(trimmed(history, { ...options, targetTokens, ...withCounter(counter) })),
      };
    },
  };
}

function withCounter(counter: RequestCounter | undefined): { counter?: RequestCounter } {
  return counter === undefined ? {} : { counter };
}

function trimmed(history: readonly Placed[], options: TrimMessagesOptions): readonly Placed[] | 'refused' {
  try {
    const { messages, report } = trimMessages(
      history.map(({ message }) => message),
      options,
    );
    const kept = report.messages.filter(({ fate }) => fate !== 'dropped');
    return kept.map(({ index }, at) => ({
      place: history[index]?.place ?? -1,
      message: messages[at] ?? { role: 'user', content: '' },
    }));
  } catch (error) {
    if (error instanceof BudgetImpossibleError) return 'refused';
    throw error;
  }
}
