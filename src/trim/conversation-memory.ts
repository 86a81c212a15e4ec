import type { RunContext } from '../provider.ts';
import type { SentPrompt } from './sent-prefix.ts';
import type { StableCut } from './stable-cut.ts';
import type { RunningSummary } from './summary/trim-with-summary.ts';

/** What is kept of the calls of one phase: a critique has another history than an answer. */
export interface PhaseMemory {
  readonly cut?: StableCut;
  readonly sent: SentPrompt;
}

/** What a trim keeps of a conversation, under `trim`. Plain JSON. */
export interface ConversationMemory {
  readonly phases: Readonly<Record<string, PhaseMemory>>;
  readonly summary?: RunningSummary;
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
  const { phases } = recall({ state });
  const kept: ConversationMemory = { phases: { ...phases, [phase]: memory }, ...(summary && { summary }) };
  state.set('trim', kept);
}
