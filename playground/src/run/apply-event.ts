import type { AttemptLabels, ChainEvent } from 'katamari';

import type { PhaseView, RunView, Span } from './run-view.ts';

/**
 * The run with one more event.
 *
 * @param atMs - when it came, in milliseconds since the run's first event
 */
export function applyEvent(run: RunView, event: ChainEvent, atMs: number): RunView {
  switch (event.type) {
    case 'run-start':
      return { ...run, status: 'running', start: event };
    case 'step-start':
      return { ...run, spans: [...run.spans, spanOf(event.step, atMs)] };
    case 'step-end':
      return { ...run, spans: closeSpan(run.spans, event.step, event.latency_ms) };
    case 'attempt-start':
      return {
        ...run,
        phases: [...run.phases, phaseOf(event, 'streaming', false)],
        spans: [...run.spans, spanOf(event.phase, atMs)],
      };
    case 'token':
      return { ...run, phases: withText(run.phases, event, event.text) };
    case 'reasoning':
      return {
        ...run,
        phases: changed(run.phases, event, (phase) => ({ reasoning: phase.reasoning + event.text })),
      };
    case 'tool-call':
      return {
        ...run,
        phases: changed(run.phases, event, (phase) => ({ toolCalls: [...phase.toolCalls, event] })),
      };
    case 'attempt-end':
      return endAttempt(run, event);
    case 'history-trim':
      return { ...run, history: run.history ?? event };
    case 'issue':
      return { ...run, issues: [...run.issues, event] };
    case 'critique':
      return { ...run, critiques: [...run.critiques, event] };
    case 'answer-choice':
      return { ...run, choice: event };
    case 'metrics':
      return addMetrics(run, event);
    case 'done': {
      const status = event.finishReason === 'aborted' ? 'stopped' : 'done';
      return { ...run, status, finishReason: event.finishReason, phases: settle(run.phases, status) };
    }
    // Not shown; nor is what a later version of the server may tell. The export has all of it.
    case 'object':
    case 'persona-switch':
    case 'prethought':
    default:
      return run;
  }
}

/** The run after its stream broke off: nothing is writing any more. */
export function endRun(run: RunView, status: 'failed' | 'lost' | 'cut', error: RunView['error']): RunView {
  return { ...run, status, error, phases: settle(run.phases, 'failed') };
}

function addMetrics(run: RunView, event: Extract<ChainEvent, { type: 'metrics' }>): RunView {
  if (event.scope === 'trim') return { ...run, trim: run.trim ?? event };
  if (event.scope === 'run') return { ...run, metrics: event };
  const spans = closeSpan(run.spans, event.phase, event.step_latency_ms, event.first_token_ms);
  return { ...run, calls: [...run.calls, event], spans };
}

function endAttempt(run: RunView, event: Extract<ChainEvent, { type: 'attempt-end' }>): RunView {
  const status = event.superseded
    ? 'void'
    : ({ completed: 'done', failed: 'failed', aborted: 'stopped' } as const)[event.outcome];
  const phases = changed(run.phases, event, () => ({ status }));
  return { ...run, phases, retries: event.outcome === 'failed' ? [...run.retries, event] : run.retries };
}

function settle(phases: readonly PhaseView[], status: 'done' | 'stopped' | 'failed'): PhaseView[] {
  return phases.map((phase) => (phase.status === 'streaming' ? { ...phase, status } : phase));
}

function keyOf({ call, attempt, phase }: AttemptLabels): string {
  return `${call}.${attempt}.${phase}`;
}

function phaseOf(labels: AttemptLabels, status: PhaseView['status'], repeated: boolean): PhaseView {
  const { phase, call, attempt, answer } = labels;
  return {
    key: keyOf(labels),
    phase,
    call,
    attempt,
    answer,
    status,
    text: '',
    reasoning: '',
    toolCalls: [],
    repeated,
  };
}

/** Text of an attempt that never began under this phase was written before and is told again as the answer. */
function withText(phases: readonly PhaseView[], labels: AttemptLabels, text: string): readonly PhaseView[] {
  const key = keyOf(labels);
  const known = phases.some((phase) => phase.key === key);
  const all = known ? phases : [...phases, phaseOf(labels, 'done', true)];
  return changed(all, labels, (phase) => ({ text: phase.text + text }));
}

function changed(
  phases: readonly PhaseView[],
  labels: AttemptLabels,
  change: (phase: PhaseView) => Partial<PhaseView>,
): readonly PhaseView[] {
  const key = keyOf(labels);
  const index = phases.findLastIndex((phase) => phase.key === key);
  const phase = phases[index];
  return phase === undefined ? phases : phases.with(index, { ...phase, ...change(phase) });
}

function spanOf(step: string, startMs: number): Span {
  return { step, startMs, latencyMs: null, firstTokenMs: null };
}

function closeSpan(
  spans: readonly Span[],
  step: string,
  latencyMs: number,
  firstTokenMs: number | null = null,
): readonly Span[] {
  const index = spans.findLastIndex((span) => span.step === step && span.latencyMs === null);
  const span = spans[index];
  return span === undefined ? spans : spans.with(index, { ...span, latencyMs, firstTokenMs });
}
