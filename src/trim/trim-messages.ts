import { KatamariError } from '../errors.ts';
import type { Message } from '../message.ts';
import type { ChatRequest } from '../request.ts';
import { costsOf, ESTIMATE_CAUTION, type AnyCounter } from './costs-of.ts';
import { FactBook } from './retention/fact-retention.ts';
import { runTrim } from './run-trim.ts';
import { planTrim, type CustomStrategy, type TrimOptions, type TrimStrategy } from './trim-options.ts';
import type { TrimResult } from './trim-report.ts';

/** Options of {@link trimMessages}. */
export interface TrimMessagesOptions extends Omit<TrimOptions, 'lowWater'> {
  /** @defaultValue `'relevant'` */
  readonly strategy?: Exclude<TrimStrategy, 'summary'> | CustomStrategy;
  /**
   * Counts tokens: what `loadCounter(model)` gives, a counter of your own, or a `RequestCounter`, which remembers the sizes of messages
   * from call to call. @defaultValue an estimate, which needs no table: as it may be 36 % too low, it fills 74 % of the budget, so that the
   * budget holds all the same
   */
  readonly counter?: AnyCounter;
}

/**
 * Brings a history inside a budget. A function of its input: nothing is changed, and the same input gives the same result.
 *
 * @param input - the messages, or a whole request, whose tools and response format count towards the budget too
 * @throws BudgetImpossibleError when what must stay is over the budget
 * @throws KatamariError code `invalid-input` when an option will not do; code `budget-impossible` when fewer facts than `minFactRetention`
 * are left, with `onLoss: 'throw'`
 */
export function trimMessages(
  input: ChatRequest | readonly Message[],
  options: TrimMessagesOptions,
): TrimResult {
  const { counter, ...rest } = options;
  if ((rest.strategy as TrimOptions['strategy']) === 'summary') {
    throw new KatamariError(
      'invalid-input',
      "trim: strategy must be another than 'summary' here, since that asks a model: use the step, trim().",
    );
  }
  const request = 'messages' in input ? input : { messages: input };
  return runTrim(request, planTrim({ ...rest, lowWater: 1 }), {
    costs: costsOf(counter),
    caution: counter === undefined ? ESTIMATE_CAUTION : 0,
    facts: new FactBook(),
  });
}
