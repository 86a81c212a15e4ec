import { BudgetImpossibleError } from '../../src/errors.ts';
import type { Message } from '../../src/message.ts';
import { loadCounter } from '../../src/tokens/load-counter.ts';
import { RequestCounter } from '../../src/tokens/request-counter.ts';
import type { Costs } from '../../src/trim/cost-ledger.ts';
import { trimMessages, type TrimMessagesOptions } from '../../src/trim/trim-messages.ts';
import { contentTokens, type Peer, type Placed } from './peer.ts';

/** Counts what the other peers count: contents by o200k, and no overhead. */
const CONTENTS: Costs = {
  exact: true,
  message: contentTokens,
  messageUpperBound: contentTokens,
  request: ({ messages }) => messages.reduce((sum, message) => sum + contentTokens(message), 0),
};

/**
 * `trimMessages` counting contents by o200k, as the others do; the whole request by o200k, as a step of a chain does for a model of OpenAI; or
 * by its default, the estimate.
 */
export async function katamariPeer(
  name: string,
  options: Omit<TrimMessagesOptions, 'targetTokens' | 'counter'> = {},
  counts: 'contents' | 'o200k' | 'estimate' = 'o200k',
): Promise<Peer> {
  const exact = new RequestCounter(await loadCounter('gpt-5-mini'));
  const counter = { contents: CONTENTS, o200k: exact, estimate: undefined }[counts];
  return {
    name,
    hasBudget: true,
    prepare(history) {
      const input = history.map(({ message }) => message);
      return {
        input,
        trim: (targetTokens) =>
          Promise.resolve(trimmed(history, input, { ...options, targetTokens, ...withCounter(counter) })),
      };
    },
  };
}

function withCounter(counter: Costs | undefined): { counter?: Costs } {
  return counter === undefined ? {} : { counter };
}

function trimmed(
  history: readonly Placed[],
  input: readonly Message[],
  options: TrimMessagesOptions,
): readonly Placed[] | 'refused' {
  try {
    const { messages, report } = trimMessages(input, options);
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
