import { KatamariError } from '../errors.ts';
import type { LimitName, Usage } from '../event.ts';
import type { AttemptMeter, RunBudget, RunContext, RunLimits } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import { promptEstimate } from './prompt-estimate.ts';

const NAMES = ['maxTokens', 'maxCostUsd', 'maxMs'] as const;

/** What was used, or may have been. */
interface Spent {
  readonly tokens: number;
  readonly cost: number;
}

/**
 * The limits of a chain and of one of its runs, together: the smaller one holds, so that who sends a request cannot raise what the service
 * allows. `undefined` where there are none.
 *
 * @throws KatamariError code `invalid-input` for a limit that is no number of at least 0, or a limit of cost without prices
 */
export function limitsOf(
  limits: readonly (RunLimits | undefined)[],
  isPriced: boolean,
): RunLimits | undefined {
  const merged: { -readonly [Name in keyof RunLimits]: RunLimits[Name] } = {};
  for (const name of NAMES) {
    for (const limit of limits) {
      const value = limit?.[name];
      if (value === undefined) continue;
      if (!(value >= 0)) throw invalid(`limits.${name} must be a number of at least 0.`);
      merged[name] = Math.min(value, merged[name] ?? Infinity);
    }
  }
  if (merged.maxCostUsd !== undefined && !isPriced) {
    throw invalid('limits.maxCostUsd needs prices: new Chain({ price: priceBy(models) }).');
  }
  return Object.keys(merged).length === 0 ? undefined : merged;
}

/** The account of a run with limits: what its ended attempts were billed, and what those under way are likely to be. */
export class LimitedBudget implements RunBudget {
  readonly endsAt: number;
  reached: LimitName | undefined;
  readonly #limits: RunLimits;
  readonly #underWay = new Map<object, Spent>();
  #tokens = 0;
  #cost = 0;

  constructor(limits: RunLimits, startedAt: number) {
    this.#limits = limits;
    this.endsAt = startedAt + (limits.maxMs ?? Infinity);
  }

  begin(request: ChatRequest, context: RunContext): AttemptMeter {
    if (context.clock.now() >= this.endsAt) throw this.timeUp();
    const key = {};
    const token_in = promptEstimate(request);
    const note = (usage: Usage): KatamariError | undefined => {
      this.#underWay.set(key, this.#spent(usage, request, context));
      return this.#check();
    };
    const error = note({ token_in, token_out: 0 });
    if (error !== undefined) {
      this.#underWay.delete(key);
      throw error;
    }
    return {
      wrote: (token_out) => note({ token_in, token_out }),
      close: (usage) => {
        this.#underWay.delete(key);
        const { tokens, cost } = this.#spent(usage, request, context);
        this.#tokens += tokens;
        this.#cost += cost;
      },
    };
  }

  timeUp(): KatamariError {
    return this.#reach('time', `time: ${this.#limits.maxMs} ms (limits.maxMs)`);
  }

  #spent(usage: Usage, request: ChatRequest, { price, provider }: RunContext): Spent {
    const tokens = usage.token_in + usage.token_out;
    if (this.#limits.maxCostUsd === undefined) return { tokens, cost: 0 };
    const model = request.model ?? provider.model;
    const cost = price?.(usage, { provider: provider.name, model }) ?? null;
    if (cost === null) {
      throw invalid(
        `limits.maxCostUsd can't be kept: the price of ${model} of provider «${provider.name}» is not known.`,
      );
    }
    return { tokens, cost };
  }

  #check(): KatamariError | undefined {
    const { maxTokens = Infinity, maxCostUsd = Infinity } = this.#limits;
    let [tokens, cost] = [this.#tokens, this.#cost];
    for (const spent of this.#underWay.values()) {
      tokens += spent.tokens;
      cost += spent.cost;
    }
    if (tokens >= maxTokens) return this.#reach('tokens', `${maxTokens} tokens (limits.maxTokens)`);
    if (cost >= maxCostUsd) return this.#reach('cost', `cost: ${maxCostUsd} USD (limits.maxCostUsd)`);
    return undefined;
  }

  #reach(name: LimitName, what: string): KatamariError {
    this.reached ??= name;
    return new KatamariError('limit-reached', `The run has reached its limit of ${what}.`);
  }
}

function invalid(message: string): KatamariError {
  return new KatamariError('invalid-input', message);
}
