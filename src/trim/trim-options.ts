import { KatamariError } from '../errors.ts';
import type { Message, Role } from '../message.ts';
import type { ChatRequest } from '../request.ts';

const STRATEGIES: readonly TrimStrategy[] = ['relevant', 'recent', 'extract', 'summary'];

/**
 * How a trim chooses what stays: `relevant` what helps to answer the current turn, wherever it stands; `recent` the newest turns;
 * `extract` as `relevant`, with the best sentences of long messages that are left out;
 * `summary` the newest turns, and a summary of what was before them (only in a step: see `TrimStepOptions.summary`).
 */
export type TrimStrategy = 'relevant' | 'recent' | 'extract' | 'summary';

/** What a strategy of the caller's own chooses from. */
export interface TrimChoices {
  readonly messages: readonly Message[];
  /** What the kept messages shall help to answer. */
  readonly query: string;
  /** What is left of the budget for messages that need not stay, in tokens. */
  readonly roomTokens: number;
  /** The size of a message, in tokens. */
  readonly tokensOf: (index: number) => number;
}

/**
 * A strategy of the caller's own: gives places of messages, the most important first. They are kept as far as the budget goes, tool calls
 * with their results; what does not fit is passed over.
 */
export type CustomStrategy = (choices: TrimChoices) => Iterable<number>;

/** How a trim chooses what stays. */
export interface TrimOptions {
  /**
   * The budget of the whole request, in tokens: messages with their overhead, tools and response format. The answer is not part of it:
   * take it from the model's context window before. `Infinity` never trims.
   */
  readonly targetTokens: number;
  /** @defaultValue `'relevant'` */
  readonly strategy?: TrimStrategy | CustomStrategy;
  /**
   * How many turns before the current one come before what is relevant or of a priority role. With `relevant` they come early: each of their
   * messages, from the last one back, as soon as they make up no more than an eighth of what is kept. @defaultValue 1
   */
  readonly minTurns?: number;
  /** Messages of these roles are kept before others, in this order; a tool's result counts with its call. @defaultValue none */
  readonly priorityRoles?: readonly Role[];
  /**
   * What the kept messages shall help to answer, for `relevant`. @defaultValue the last user message; where that refers back, with the ones
   * before it
   */
  readonly query?: string | ((request: ChatRequest) => string);
  /** Puts a short system message where messages are left out; the largest gaps first, inside the budget. @defaultValue false */
  readonly markGaps?: boolean;
  /**
   * What happens when that which must stay is over the budget: `throw` a BudgetImpossibleError, or `keep` just that, over the
   * budget, with an `issue` event that says so. @defaultValue `'throw'`
   */
  readonly onImpossible?: 'throw' | 'keep';
  /**
   * How far a step trims once it must, as a share of the budget: what is left free is used up by the next turns, which are added to the
   * same beginning, so that the provider's cache holds. @defaultValue 0.75 with `recent` and `summary`; 1 with the others, which choose anew for every
   * question
   */
  readonly lowWater?: number;
  /**
   * Whether `fact_retention` is measured. It reads every message once, when the report's `facts` are first read. @defaultValue up to 400,000
   * characters of history; above it only with `true` or `minFactRetention`
   */
  readonly measureFacts?: boolean;
  /** The least share of facts that must be left, 0 to 1; see `onLoss`. @defaultValue 0 */
  readonly minFactRetention?: number;
  /**
   * What happens when less is left: `warn` with an `issue` event, `throw` a KatamariError, or `widen` the budget by quarters up to
   * `widenTo`, and warn when that is not enough; `summary` never widens. @defaultValue `'warn'`
   */
  readonly onLoss?: 'warn' | 'throw' | 'widen';
  /** The widest budget for `onLoss: 'widen'`, in tokens. @defaultValue twice `targetTokens` */
  readonly widenTo?: number;
}

/** The options with every default filled in. */
export type TrimPlan = Required<Omit<TrimOptions, 'query' | 'measureFacts'>> &
  Pick<TrimOptions, 'query' | 'measureFacts'>;

const ROLES: readonly string[] = ['system', 'user', 'assistant', 'tool'] satisfies Role[];

/**
 * Fills in the defaults.
 *
 * @throws KatamariError code `invalid-input`, naming the option, when a value will not do
 */
export function planTrim(options: TrimOptions): TrimPlan {
  const { targetTokens } = options;
  const plan: TrimPlan = {
    strategy: 'relevant',
    minTurns: 1,
    priorityRoles: [],
    markGaps: false,
    onImpossible: 'throw',
    minFactRetention: 0,
    onLoss: 'warn',
    widenTo: targetTokens * 2,
    lowWater: options.strategy === 'recent' || options.strategy === 'summary' ? 0.75 : 1,
    ...withoutUndefined(options),
  };
  check(typeof targetTokens === 'number' && targetTokens > 0, 'targetTokens', 'a number of tokens above 0');
  check(isStrategy(plan.strategy), 'strategy', `one of ${STRATEGIES.join(', ')}, or a function`);
  check(
    Number.isInteger(plan.minTurns) && plan.minTurns >= 0,
    'minTurns',
    'a whole number of turns, 0 or more',
  );
  check(areRoles(plan.priorityRoles), 'priorityRoles', `roles out of ${ROLES.join(', ')}`);
  check(
    ['string', 'function', 'undefined'].includes(typeof plan.query),
    'query',
    'a text, or a function of the request',
  );
  check(['throw', 'keep'].includes(plan.onImpossible), 'onImpossible', '"throw" or "keep"');
  check(plan.minFactRetention >= 0 && plan.minFactRetention <= 1, 'minFactRetention', 'a share from 0 to 1');
  check(['warn', 'throw', 'widen'].includes(plan.onLoss), 'onLoss', '"warn", "throw" or "widen"');
  check(plan.widenTo >= targetTokens, 'widenTo', 'a number of tokens, targetTokens or more');
  check(plan.lowWater > 0 && plan.lowWater <= 1, 'lowWater', 'a share of the budget, above 0 and up to 1');
  return plan;
}

function isStrategy(strategy: unknown): boolean {
  return typeof strategy === 'function' || STRATEGIES.includes(strategy as TrimStrategy);
}

function areRoles(roles: unknown): boolean {
  return Array.isArray(roles) && roles.every((role) => ROLES.includes(role as string));
}

function withoutUndefined(options: TrimOptions): TrimOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as unknown as TrimOptions;
}

function check(holds: boolean, option: string, expected: string): void {
  if (!holds) throw new KatamariError('invalid-input', `trim: ${option} must be ${expected}.`);
}
