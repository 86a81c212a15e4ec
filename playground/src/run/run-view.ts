import type { CallMetrics, ChainEvent, FinishReason, Phase, RunMetrics, TrimMetrics } from 'katamari';

type EventOf<Type extends ChainEvent['type']> = Extract<ChainEvent, { readonly type: Type }>;

/** How far a run has come. `lost`: the server no longer knows it; `cut`: the connection is gone for good. */
type RunStatus = 'waiting' | 'running' | 'reconnecting' | 'done' | 'stopped' | 'failed' | 'lost' | 'cut';

/** What one attempt of one model call wrote. */
export interface PhaseView {
  /** Unique in the run. */
  readonly key: string;
  readonly phase: Phase;
  readonly call: number;
  readonly attempt: number;
  readonly answer: boolean;
  readonly status: 'streaming' | 'done' | 'failed' | 'stopped' | 'void';
  readonly text: string;
  readonly reasoning: string;
  readonly toolCalls: readonly EventOf<'tool-call'>[];
  /** True where the text was written before, as a draft or a revision, and is told again as the answer. */
  readonly repeated: boolean;
}

/** A bar of the waterfall. Times in milliseconds since the run's first event. */
export interface Span {
  readonly step: string;
  readonly startMs: number;
  /** `null` while it lasts. */
  readonly latencyMs: number | null;
  readonly firstTokenMs: number | null;
}

/** A run as the screen needs it: its events, added up. */
export interface RunView {
  readonly status: RunStatus;
  readonly start: EventOf<'run-start'> | null;
  readonly phases: readonly PhaseView[];
  readonly spans: readonly Span[];
  /** The first trim: the one that stands for the run in its metrics. */
  readonly history: EventOf<'history-trim'> | null;
  readonly trim: TrimMetrics | null;
  readonly calls: readonly CallMetrics[];
  readonly metrics: RunMetrics | null;
  readonly issues: readonly EventOf<'issue'>[];
  readonly critiques: readonly EventOf<'critique'>[];
  readonly choice: EventOf<'answer-choice'> | null;
  readonly retries: readonly EventOf<'attempt-end'>[];
  readonly finishReason: FinishReason | null;
  readonly error: { readonly code: string; readonly message: string } | null;
}

/** A run that has told nothing yet. */
export const emptyRun: RunView = {
  status: 'waiting',
  start: null,
  phases: [],
  spans: [],
  history: null,
  trim: null,
  calls: [],
  metrics: null,
  issues: [],
  critiques: [],
  choice: null,
  retries: [],
  finishReason: null,
  error: null,
};

/** True while events may still come. */
export function isUnderWay({ status }: RunView): boolean {
  return status === 'waiting' || status === 'running' || status === 'reconnecting';
}

/** The answer so far. */
export function answerOf(run: RunView): string {
  const parts = run.phases.filter(({ answer, status }) => answer && status !== 'void' && status !== 'failed');
  return parts.map(({ text }) => text).join('');
}
