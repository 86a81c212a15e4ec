/**
 * The face of katamari: chains of persona, trim and reflect over any provider.
 *
 * @module
 */
export { completedEvent, labelsOf, type Completion } from './attempt-events.ts';
export { Chain, type ChainOptions, type RunInput } from './chain.ts';
export { systemClock, type Clock } from './clock.ts';
export { Conversation, type ConversationJson, type ConversationOptions } from './conversation.ts';
export { defer } from './defer.ts';
export {
  BudgetImpossibleError,
  isKatamariError,
  KatamariError,
  PersonaError,
  ProviderError,
  type ErrorCode,
  type KatamariErrorOptions,
  type PersonaErrorPlace,
  type ProviderErrorOptions,
} from './errors.ts';
export type {
  AnswerChoiceEvent,
  AnswerReason,
  AttemptEndEvent,
  AttemptLabels,
  AttemptStartEvent,
  CallMetrics,
  ChainEvent,
  CritiqueEvent,
  CritiqueIssue,
  DoneEvent,
  FinishReason,
  HistoryTrimEvent,
  IssueEvent,
  LimitName,
  MessageFate,
  MetricsEvent,
  ObjectEvent,
  PersonaName,
  PersonaSwitchEvent,
  Phase,
  Prethought,
  PrethoughtEvent,
  ReasoningEvent,
  RunMetrics,
  RunStartEvent,
  StepEndEvent,
  StepLatency,
  StepStartEvent,
  TokenEvent,
  ToolCallEvent,
  TrimMetrics,
  Usage,
} from './event.ts';
export type { Language } from './language.ts';
export type { LogRecord, RequestLogRecord, RetryLogRecord, TrimLogRecord } from './log/records.ts';
export { requestLog, type LineWriter, type RecordLogger, type RequestLogOptions } from './log/request-log.ts';
export {
  textOf,
  type AssistantMessage,
  type FilePart,
  type ImagePart,
  type Message,
  type ReasoningPart,
  type Role,
  type SystemMessage,
  type TextPart,
  type ToolCall,
  type ToolMessage,
  type UserMessage,
} from './message.ts';
export type { Observer, RunRecord } from './observer.ts';
export type { ForbidAction, ForbidOptions } from './persona/guard/forbid-options.ts';
export { forbid } from './persona/guard/forbid-step.ts';
export type { PersonaStepOptions } from './persona/persona-step-options.ts';
export { persona } from './persona/persona-step.ts';
export type {
  Persona,
  PersonaCondition,
  PersonaExample,
  PersonaFormat,
  PersonaSampling,
  PersonaValue,
  PersonaVariable,
  PersonaVariant,
} from './persona/persona.ts';
export type { PrethoughtOptions } from './prethought/prethought-options.ts';
export { prethought } from './prethought/prethought.ts';
export type {
  AttemptMeter,
  Generate,
  PriceCall,
  Provider,
  RetryBudget,
  RetryPolicy,
  RunBudget,
  RunContext,
  RunLimits,
  Speaker,
  Timeouts,
} from './provider.ts';
export type {
  CritiqueSettings,
  PhaseSettings,
  Prompt,
  PromptInput,
  ReflectOptions,
} from './reflect/reflect-options.ts';
export { reflect } from './reflect/reflect-step.ts';
export { continueAfterCut, type ContinueAfterCutOptions } from './reliability/continue-after-cut.ts';
export { fallback, type FallbackOptions } from './reliability/fallback.ts';
export { retryBudget, type RetryBudgetOptions } from './reliability/retry-budget.ts';
export { retry } from './reliability/retry.ts';
export { timeout } from './reliability/timeout.ts';
export type {
  ChatRequest,
  JsonSchema,
  ReasoningSettings,
  ResponseFormat,
  Tool,
  ToolChoice,
} from './request.ts';
export { rewriteStep, type RewriteStepOptions } from './rewrite-step.ts';
export type { Run, RunResult } from './run.ts';
export type { Score, ScoreDetails, ScoreProblem, Scorer, ScorerInput } from './scorer.ts';
export type { Stage, Step } from './step.ts';
export type { StandardIssue, StandardResult, StandardSchema } from './structured/standard-schema.ts';
export { structured, type StructuredOptions } from './structured/structured.ts';
export type { TrimOptions, TrimStrategy } from './trim/trim-options.ts';
export { trim, type TrimStepOptions } from './trim/trim.ts';
