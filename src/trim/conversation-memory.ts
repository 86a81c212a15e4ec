import type { RunContext } from '../provider.ts';
import type { CalibrationState } from '../tokens/calibrated-counter.ts';
import type { WholePrompt } from './cost-delta.ts';
import type { SentPrompt } from './sent-prefix.ts';
import type { StableCut } from './stable-cut.ts';
import type { RunningSummary } from './summary/trim-with-summary.ts';

/** What is kept of the calls of one phase: a critique has another history than an answer. */
export interface PhaseMemory {
  readonly cut?: StableCut;
  readonly sent: SentPrompt;
  /** The history before the trim, where calls are priced. */
  readonly whole?: WholePrompt;
}

/** What a trim keeps of a conversation, under `trim`. Plain JSON. */
export interface ConversationMemory {
  readonly phases: Readonly<Record<string, PhaseMemory>>;
  readonly summary?: RunningSummary;
  /** How far the estimate of tokens is off, by model. */
  readonly calibrations?: Readonly<Record<string, CalibrationState>>;
}

/** What was kept; nothing of a new conversation. */
export function recall({ state }: Pick<RunContext, 'state'>): ConversationMemory {
  return (state.get('trim') as ConversationMemory | undefined) ?? { phases: {} };
}

/** Keeps what a call of the conversation leaves behind. */
export function remember(
  { state, phase }: RunContext,
  memory: PhaseMemory,
  summary: RunningSummary | undefined,
): void {
  const { phases, calibrations } = recall({ state });
  const kept: ConversationMemory = {
    phases: { ...phases, [phase]: memory },
    ...(summary && { summary }),
    ...(calibrations && { calibrations }),
  };
  state.set('trim', kept);
}

/** Keeps what was learnt of a model's tokens. */
export function rememberCalibration(
  { state }: Pick<RunContext, 'state'>,
  calibration: CalibrationState,
): void {
  const memory = recall({ state });
  const calibrations = { ...memory.calibrations, [calibration.model]: calibration };
  state.set('trim', { ...memory, calibrations } satisfies ConversationMemory);
}
