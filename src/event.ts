import type { ErrorCode } from './errors.ts';

/*
 * The protocol of a run. Every event is plain JSON and bears the run's `req_id`.
 *
 *   run-start                                            exactly one, first
 *     persona-switch                                     at most one, second: another persona than in the conversation's run before
 *     ( step-start … step-end )*                         a step of the chain at work; trims emit history-trim and metrics (scope trim)
 *     ( attempt-start                                    one per attempt of one model call
 *         ( token | reasoning | tool-call )*
 *       attempt-end                                      exactly one per attempt-start: completed, failed or aborted
 *       metrics (scope call) )*                          exactly one per attempt-end, after it
 *     prethought                                         at most one per prethought step: what the request asks for
 *     critique*                                          one per judgement of a reflection, after the text that it judges has ended
 *     answer-choice                                      one per reflection that found its answer; text that is told again follows it
 *     issue*                                             anywhere
 *   object                                             at most one, where the answer was asked for as an object
 *   metrics (scope run)                                  exactly one, also when the run fails or is aborted
 *   done                                                 exactly one, last; on failure the iterator throws in its place
 *
 * `call` numbers the model calls of a run from 1, `attempt` the tries of one call from 1. A token with `answer: true` is part of
 * the answer, in order. After an `attempt-end` with `superseded: true` the text, reasoning and tool calls of that call and attempt are void:
 * the next attempt starts over. Attempts of different calls may be interleaved (drafts in parallel): `call` tells them apart.
 *
 * A run that reaches one of its limits (tokens, cost, time) is not a failure: the attempt under way ends with `outcome: 'aborted'` and
 * `finishReason: 'limit'`, no further call is made, the answer is what there is of it, and the run's metrics say `stopped_by`.
 */

/**
 * A model call's part in the plan. `answer`: the only call. `draft`, `critique`, `revision`, `final`: those of a reflection, where a `revision`
 * may still be judged and replaced and a `final` may not. `prethought`: reads the request before it is answered. `summary`: a trim's call for a
 * summary of what it leaves out.
 */
export type Phase = 'answer' | 'draft' | 'critique' | 'revision' | 'final' | 'prethought' | 'summary';

/** A limit of a run: its tokens, its cost, or its time. */
export type LimitName = 'tokens' | 'cost' | 'time';

/** Why an attempt ended, in one vocabulary for all providers. */
export type FinishReason =
  | 'stop'
  | 'length'
  | 'tool-calls'
  | 'content-filter'
  | 'refusal'
  | 'error'
  | 'aborted'
  | 'limit'
  | 'unknown';

/**
 * Tokens that a provider billed. One convention for every provider: `token_in` is the whole prompt, cache reads and writes included;
 * `token_out` is all that was generated, reasoning included.
 */
export interface Usage {
  readonly token_in: number;
  readonly token_out: number;
  /** The part of `token_in` that was read from the provider's cache. */
  readonly token_cache_read?: number;
  /** The part of `token_in` that was written to the provider's cache. */
  readonly token_cache_write?: number;
  /** The part of `token_out` that was reasoning. */
  readonly token_reasoning?: number;
}

/** What every event of one attempt bears. */
export interface AttemptLabels {
  readonly req_id: string;
  /** Number of the model call in the run, from 1. */
  readonly call: number;
  readonly phase: Phase;
  /** Number of the try, from 1. */
  readonly attempt: number;
  /** True where what is generated is part of the answer. */
  readonly answer: boolean;
}

/** A run began. */
export interface RunStartEvent {
  readonly type: 'run-start';
  readonly req_id: string;
  readonly chain: string;
  /** Names of the chain's steps, in the order in which they run. */
  readonly steps: readonly string[];
  /** What the steps say of themselves, for example `{ persona: 'concise-engineer', persona_hash: '…' }`. */
  readonly labels: Readonly<Record<string, string>>;
  readonly provider: string;
  readonly model: string;
  readonly isLanguageModel: boolean;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly time: number;
  /** The caller's place in a distributed trace, where the run was given one. */
  readonly traceparent?: string;
}

/** A persona, as events name it. */
export interface PersonaName {
  readonly name: string;
  /** The fingerprint of the persona's content. */
  readonly hash: string;
  readonly version?: string;
}

/** Somebody else speaks than in the run before of the same conversation. */
export interface PersonaSwitchEvent {
  readonly type: 'persona-switch';
  readonly req_id: string;
  /** Who spoke; `null` for nobody in particular. */
  readonly from: PersonaName | null;
  /** Who speaks now; `null` for nobody in particular. */
  readonly to: PersonaName | null;
}

/** A step of the chain began its work. */
export interface StepStartEvent {
  readonly type: 'step-start';
  readonly req_id: string;
  readonly step: string;
}

/** A step of the chain ended its work. */
export interface StepEndEvent {
  readonly type: 'step-end';
  readonly req_id: string;
  readonly step: string;
  readonly latency_ms: number;
}

/** A request goes out to a provider. */
export interface AttemptStartEvent extends AttemptLabels {
  readonly type: 'attempt-start';
  /** Who speaks, where the chain has a persona. */
  readonly persona?: string;
  /** The fingerprint of the persona's content. */
  readonly persona_hash?: string;
  readonly persona_version?: string;
  readonly provider: string;
  readonly model: string;
  readonly isLanguageModel: boolean;
}

/** A piece of generated text: what one read of the wire held, rarely exactly one token. */
export interface TokenEvent extends AttemptLabels {
  readonly type: 'token';
  readonly text: string;
}

/** A piece of what the model thinks before it answers. */
export interface ReasoningEvent extends AttemptLabels {
  readonly type: 'reasoning';
  readonly text: string;
  /** The vendor's own proof or encrypted form of the thought, to be passed back with it. */
  readonly providerData?: Readonly<Record<string, unknown>>;
}

/** The model asks for a tool. Sent once per tool call, when its arguments are complete. */
export interface ToolCallEvent extends AttemptLabels {
  readonly type: 'tool-call';
  readonly id: string;
  readonly name: string;
  /** JSON text, exactly as the model wrote it. */
  readonly arguments: string;
  readonly providerData?: Readonly<Record<string, unknown>>;
}

/** An attempt ended. A provider yields this with `outcome: 'completed'` as its last event; the other two outcomes are the chain's. */
export interface AttemptEndEvent extends AttemptLabels {
  readonly type: 'attempt-end';
  readonly outcome: 'completed' | 'failed' | 'aborted';
  readonly finishReason: FinishReason;
  /** The vendor's own word for it, `null` where there is none. */
  readonly vendorReason: string | null;
  /** What was billed, `null` where the provider did not say. */
  readonly usage: Usage | null;
  /** The model that answered, where the provider names it. */
  readonly servedModel?: string;
  /** What went wrong, on failure. */
  readonly error?: {
    readonly code: ErrorCode;
    readonly message: string;
    /** True where the provider may have run and billed the request although no whole answer arrived. */
    readonly maybeAccepted?: boolean;
  };
  /** `null` unless failed; whether the error is of a kind that another try may mend. */
  readonly retryable: boolean | null;
  /** Milliseconds until the next attempt, `null` where none follows. */
  readonly delayMs: number | null;
  /** True where text of this attempt was shown and is now void, because the next attempt starts over. */
  readonly superseded: boolean;
}

/** Something a person should know, which does not stop the run. */
export interface IssueEvent {
  readonly type: 'issue';
  readonly req_id: string;
  /** Who found it, for example `persona`. */
  readonly source: string;
  /** What it is, for a program, for example `forbidden-term-in-persona`. */
  readonly code: string;
  readonly severity: 'info' | 'warning' | 'error';
  readonly message: string;
  /** Where, for example `style` or `messages[3]`. */
  readonly path?: string;
  /** The phase of the model call that it is about. */
  readonly phase?: Phase;
  /** The number of that call in the run. */
  readonly call?: number;
  /** Where in the text it begins, in UTF-16 units of what the attempt wrote. */
  readonly start?: number;
  /** Where in the text it ends. */
  readonly end?: number;
}

/** The answer as an object that matches the schema it was asked for. */
export interface ObjectEvent {
  readonly type: 'object';
  readonly req_id: string;
  readonly object: unknown;
}

/** What a request asks for. */
export interface Prethought {
  /** What is wanted, and what for (目的). */
  readonly purpose: readonly string[];
  /** What must be kept to (制約). */
  readonly constraints: readonly string[];
  /** From where it is to be seen, and for whom (視点). */
  readonly viewpoint: readonly string[];
  /** What the answer should hold (期待). */
  readonly expectations: readonly string[];
}

/** What the run's request asks for, as a prethought step read it. */
export interface PrethoughtEvent extends Prethought {
  readonly type: 'prethought';
  readonly req_id: string;
  /** Who read it: `rules` go by headings and cue words, `model` is a call of its own. */
  readonly by: 'rules' | 'model';
}

/** One thing a critic found in a draft. */
export interface CritiqueIssue {
  readonly severity: 'major' | 'minor';
  /** The words of the draft that it is about. */
  readonly quote?: string;
  /** Whether the draft holds the quote, but for case, width and white space; left out where nothing is quoted. */
  readonly inDraft?: boolean;
  readonly problem: string;
}

/** A text was judged. */
export interface CritiqueEvent {
  readonly type: 'critique';
  readonly req_id: string;
  /** The call that wrote the critique, `null` where no model did. */
  readonly call: number | null;
  /** The call whose text is judged. */
  readonly judged: number;
  /** From 1: drafts are judged in the first round. */
  readonly round: number;
  readonly verdict: 'approve' | 'revise';
  /** 0 to 1, `null` where the critic gave none. */
  readonly score: number | null;
  readonly issues: readonly CritiqueIssue[];
}

/**
 * Why a text became the answer. `approved`: its critic let it pass; `last`: it is the last revision; `best-score`: what came after it, or
 * beside it, scored less; `not-judged`: it asks for tools, was refused or is empty; `failed`: a later call failed; `limit`: a limit of the
 * run was reached.
 */
export type AnswerReason = 'approved' | 'last' | 'best-score' | 'not-judged' | 'failed' | 'limit';

/** Which call's text became the answer of a reflection, and why. */
export interface AnswerChoiceEvent {
  readonly type: 'answer-choice';
  readonly req_id: string;
  /** The call that wrote the answer. */
  readonly call: number;
  readonly why: AnswerReason;
  /** Its score, 0 to 1; `null` where it has none. */
  readonly score: number | null;
  /** Revisions that were begun. */
  readonly rounds: number;
  /** All texts that could have been the answer, in the order in which they ended. */
  readonly candidates: readonly { readonly call: number; readonly score: number | null }[];
}

/** What became of one message in a trim. */
export interface MessageFate {
  /** Index in the history as it came to the trim. */
  readonly index: number;
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly fate: 'kept' | 'shortened' | 'dropped';
  /** Why, in a word or two: `system`, `current-turn`, `pinned`, `priority-role`, `recent`, `relevant 0.83`, `budget` … */
  readonly why: string;
  /** Its size in tokens before the trim; about that, by its script and length, where nothing depended on it. */
  readonly tokens: number;
}

/** What a trim did, message by message. */
export interface HistoryTrimEvent {
  readonly type: 'history-trim';
  readonly req_id: string;
  readonly strategy: string;
  readonly targetTokens: number;
  readonly messages: readonly MessageFate[];
  /** How many different facts of each kind (`number`, `date`, `id`, `name` …) there were, and are left; left out when not measured. */
  readonly facts?: Readonly<Record<string, { readonly before: number; readonly kept: number }>>;
}

/** Figures of one trim. */
export interface TrimMetrics {
  readonly scope: 'trim';
  /** Tokens before trimming: the whole request. */
  readonly token_in: number;
  /** Tokens after trimming: the whole request. */
  readonly token_out: number;
  /** `token_out / token_in`, 0 to 1. */
  readonly compress_ratio: number;
  /** −1 to 1; `null` when not measured. */
  readonly semantic_retention: number | null;
  /** How `semantic_retention` was measured, for example `mean-cosine:all-MiniLM-L6-v2`; left out when it was not. */
  readonly retention_method?: string;
  /** Share of the facts (numbers, dates, names, decisions …) that are left, 0 to 1; `null` when not measured. */
  readonly fact_retention?: number | null;
  /** Tokens at the beginning that are the same as in the conversation's call before, so that a provider may have them in its cache. */
  readonly cache_prefix_tokens?: number;
  /**
   * What the prompt costs more, in USD, than the untrimmed one would have: below zero, the trim is cheaper. Of either the part that is the
   * same as in the call before is priced as read from the cache. `null` where a price is not known; left out where the chain prices nothing,
   * and where it is not known what the cache holds.
   */
  readonly cost_delta_usd?: number | null;
  /** Duration of the trim, in milliseconds. */
  readonly step_latency_ms: number;
  /** True where tokens were estimated rather than counted with the model's own tokenizer. */
  readonly estimated: boolean;
  /** Relative error to reckon with where the model has no public tokenizer: 0.05 means that the truth is likely within 5 %. */
  readonly count_error?: number;
}

/** Figures of one attempt of one model call. */
export interface CallMetrics extends AttemptLabels {
  readonly scope: 'call';
  readonly provider: string;
  readonly model: string;
  /** Prompt tokens billed, cache reads and writes included. */
  readonly token_in: number;
  /** Completion tokens billed, reasoning included. */
  readonly token_out: number;
  readonly token_cache_read?: number;
  readonly token_cache_write?: number;
  readonly token_reasoning?: number;
  /** What the attempt cost, in USD; `null` where a price is not known; left out where the chain prices nothing. */
  readonly cost_usd?: number | null;
  /** Duration of the attempt, in milliseconds. */
  readonly step_latency_ms: number;
  /** To the first token of text, in milliseconds; `null` when none came. */
  readonly first_token_ms: number | null;
  /** `null` on success. */
  readonly retryable: boolean | null;
  /** True where the provider reported no usage and the numbers were counted here. */
  readonly estimated: boolean;
}

/** One entry of a run's list of latencies: a step, or a model call by its phase. */
export interface StepLatency {
  readonly step: string;
  readonly latency_ms: number;
}

/** Figures of a whole run. */
export interface RunMetrics {
  readonly scope: 'run';
  /** Sum over all attempts of all calls. */
  readonly token_in: number;
  /** Sum over all attempts of all calls. */
  readonly token_out: number;
  readonly token_cache_read: number;
  readonly token_cache_write: number;
  readonly token_reasoning: number;
  /** Sum over all attempts, in USD; `null` where one of them is not known; left out where the chain prices nothing. */
  readonly cost_usd?: number | null;
  /** Of the run's first trim; 1 without one. */
  readonly compress_ratio: number;
  /** Of the run's first trim; `null` when not measured. */
  readonly semantic_retention: number | null;
  /** Of the run's first trim; `null` when not measured. */
  readonly fact_retention: number | null;
  readonly step_latency_ms: readonly StepLatency[];
  /** Duration of the run, in milliseconds. */
  readonly latency_ms: number;
  /** To the first token of the answer, in milliseconds; `null` when none came. */
  readonly first_token_ms: number | null;
  /** `null` on success. */
  readonly retryable: boolean | null;
  /** True where any of the sums holds an estimate. */
  readonly estimated: boolean;
  /** Model calls made. */
  readonly calls: number;
  /** Attempts made; more than `calls` where there were retries. */
  readonly attempts: number;
  /** The limit of the run that cut a call off, or kept one from being made; left out where none did. */
  readonly stopped_by?: LimitName;
}

/** Figures, by scope. */
export type MetricsEvent = { readonly type: 'metrics'; readonly req_id: string } & (
  | TrimMetrics
  | CallMetrics
  | RunMetrics
);

/** The run ended. `aborted` means that its consumer asked it to, `limit` that a limit of the run cut the answer off. */
export interface DoneEvent {
  readonly type: 'done';
  readonly req_id: string;
  readonly finishReason: FinishReason;
}

/** All that a run tells. */
export type ChainEvent =
  | RunStartEvent
  | PersonaSwitchEvent
  | StepStartEvent
  | StepEndEvent
  | AttemptStartEvent
  | TokenEvent
  | ReasoningEvent
  | ToolCallEvent
  | AttemptEndEvent
  | IssueEvent
  | PrethoughtEvent
  | CritiqueEvent
  | AnswerChoiceEvent
  | ObjectEvent
  | HistoryTrimEvent
  | MetricsEvent
  | DoneEvent;
