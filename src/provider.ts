import type { Clock } from './clock.ts';
import type { KatamariError } from './errors.ts';
import type { AttemptEndEvent, AttemptLabels, ChainEvent, LimitName, Usage } from './event.ts';
import type { ChatRequest } from './request.ts';

/** Bounds the retries of many calls together, so that a failing provider is not buried under them. */
export interface RetryBudget {
  /** A call begins: something is paid in. */
  deposit(): void;
  /** Takes what one retry costs; false where there is not enough. */
  withdraw(): boolean;
}

/** How often and after what wait a failed attempt is repeated. Only errors that say `retryable` are. */
export interface RetryPolicy {
  /** Attempts after the first. @defaultValue 3 */
  readonly maxRetries?: number;
  /** Wait before the first retry, doubled before each further one, in milliseconds; up to a quarter is added at random. @defaultValue 1000 */
  readonly baseDelayMs?: number;
  /** The longest wait, in milliseconds. A provider that asks for a longer one is not asked again. @defaultValue 60000 */
  readonly maxDelayMs?: number;
  /** Shared by many calls, for example `retryBudget()`. @defaultValue every call may retry */
  readonly budget?: RetryBudget;
}

/** How long an attempt may take, in milliseconds. `Infinity` switches a limit off. */
export interface Timeouts {
  /** From the request to the first text, reasoning or tool call. @defaultValue 120000 */
  readonly firstTokenMs?: number;
  /** Between two reads, after the first text. Keep-alive comments count as reads. @defaultValue 60000 */
  readonly idleMs?: number;
  /** For the whole attempt. @defaultValue 600000 */
  readonly totalMs?: number;
}

/** What a call cost, in USD; `null` where a price is not known. */
export type PriceCall = (
  usage: Usage,
  call: { readonly provider: string; readonly model: string },
) => number | null;

/**
 * Hard limits of a whole run, over all its calls and attempts. They are looked at before each attempt and at every read while it streams. At a
 * limit the run ends well, with what there is of the answer and `stopped_by` in its metrics.
 */
export interface RunLimits {
  /** Prompt and completion tokens together, as billed; estimated while a call streams. @defaultValue no limit */
  readonly maxTokens?: number;
  /** In USD, by the chain's `price`. @defaultValue no limit */
  readonly maxCostUsd?: number;
  /** From the run's start, in milliseconds. @defaultValue no limit */
  readonly maxMs?: number;
}

/** What one attempt takes of a run's limits. */
export interface AttemptMeter {
  /** So many tokens have been generated so far. Gives the error that must end the attempt, once a limit is reached. */
  wrote(tokens: number): KatamariError | undefined;
  /** The attempt has ended, and this is what it used. */
  close(usage: Usage): void;
}

/** Keeps a run within its limits. */
export interface RunBudget {
  /** When the run's time is up, on its clock; `Infinity` without such a limit. */
  readonly endsAt: number;
  /** The first limit that was reached, if one was: no further call will be made. */
  readonly reached: LimitName | undefined;
  /**
   * An attempt is about to be made.
   *
   * @throws KatamariError code `limit-reached` where nothing is left for it, `invalid-input` where its model has no known price
   */
  begin(request: ChatRequest, context: RunContext): AttemptMeter;
  /** Time is up: notes it and gives the error that must end what is under way. */
  timeUp(): KatamariError;
}

/** Who speaks in a run, for steps that judge or guard what is said. */
export interface Speaker {
  readonly name: string;
  /** The fingerprint of the persona's content. */
  readonly hash: string;
  readonly version?: string;
  /** The persona's prompt, word for word as it stands in the request: its style, its rules, its forbidden terms. */
  readonly prompt: string;
  /** The entries of `forbid`, as they are written in the persona. */
  readonly forbid: readonly string[];
  /** What answers are judged by, one line each; empty where the persona says nothing. */
  readonly rubric: readonly string[];
}

/** What a step or a provider may know of the run it works in. Derive one by spreading: `next(request, { ...context, phase: 'draft' })`. */
export interface RunContext extends AttemptLabels {
  /** Aborted when the consumer leaves, stops the run, or an attempt has used up its time. */
  readonly signal: AbortSignal;
  /** Who answers the calls made with this context. */
  readonly provider: Provider;
  /** True where text that was shown can be taken back: the consumer reads events or the result, not bare tokens. */
  readonly retractable: boolean;
  /** Overrides the provider's own. */
  readonly retry?: RetryPolicy;
  /** Overrides the provider's own. */
  readonly timeouts?: Timeouts;
  /** Prices every call. @defaultValue nothing is priced */
  readonly price?: PriceCall;
  /** What is left of the run's limits. @defaultValue the run has none */
  readonly budget?: RunBudget;
  /**
   * What a critic measures the answer by besides its own rules and the persona's: a line each, as steps before have found them. A step that
   * adds to it keeps what is there. @defaultValue nothing
   */
  readonly rubric?: readonly string[];
  readonly clock: Clock;
  /** A random number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  /** What steps keep from run to run of one conversation; empty for a run of its own. Keys are step names, values plain JSON. */
  readonly state: Map<string, unknown>;
  /** Who speaks, behind the step `persona()`. @defaultValue nobody in particular */
  readonly persona?: Speaker;
  /** Tells the consumer something without being on the path of the tokens. */
  readonly emit: (event: ChainEvent) => void;
  /** What the calls are about, for steps that measure relevance. @defaultValue the request's last user message */
  readonly query?: string;
  /**
   * Told of every attempt made with this context, once it has ended, with what was sent: for a step that learns from what was billed
   * without being on the path of the tokens. A step that sets it calls that of the context it was given, too. Must not throw.
   *
   * @param sent - the request as it went out, and the model that was asked
   */
  readonly settled?: (
    end: AttemptEndEvent,
    sent: { readonly request: ChatRequest; readonly model: string },
  ) => void;
  /** The caller's place in a distributed trace, as W3C Trace Context writes it; for a provider or step that passes it on. */
  readonly traceparent?: string;
  /** Numbers the next model call of the run. */
  readonly nextCall: () => number;
  /**
   * Makes one model call with none of the chain's steps around it, for a step that needs one of its own before the plan begins; its events are the
   * step's to pass on. @defaultValue left out where there is no chain
   */
  readonly ask?: Generate;
}

/**
 * Answers a request with a stream of events, one batch per read. A provider is one; so is any chain of steps around one.
 * Inert until the first pull; an empty batch says «still alive».
 */
export type Generate = (request: ChatRequest, context: RunContext) => AsyncIterable<readonly ChainEvent[]>;

/**
 * A model, or whatever answers like one.
 *
 * `generate` yields `token`, `reasoning` and `tool-call` events that bear the labels of its context, then one `attempt-end` with
 * `outcome: 'completed'`, its last event. It throws a {@link ProviderError} when it can't; a stream that ends without its terminal
 * event is a failure. It obeys `context.signal` and holds nothing open once its iterator is closed. It does not retry: the chain does.
 */
export interface Provider {
  /** For example `openai`. */
  readonly name: string;
  /** The model that is asked when the request names none. */
  readonly model: string;
  /** False where no language model is behind it, as with the embedded default. */
  readonly isLanguageModel: boolean;
  readonly generate: Generate;
  /** How the chain repeats failed attempts. @defaultValue three retries after 1, 2 and 4 s */
  readonly retry?: RetryPolicy;
  /** How long the chain lets an attempt take. */
  readonly timeouts?: Timeouts;
}
