import { labelsOf } from '../attempt-events.ts';
import type { ChainEvent } from '../event.ts';
import type { RunContext } from '../provider.ts';
import type { Candidate } from './candidate.ts';

/** The text as the answer, with its tool calls, and with the thoughts that a vendor wants back. */
export function retold({ text, output }: Candidate, context: RunContext): readonly ChainEvent[] {
  const { call, attempt, reasoning, toolCalls } = output;
  const labels = { ...labelsOf(context), call, attempt, phase: 'final' } as const;
  return [
    ...reasoning.map((event) => ({ ...event, ...labels })),
    ...(text === '' ? [] : [{ type: 'token', ...labels, text } as const]),
    ...toolCalls.map((event) => ({ ...event, ...labels })),
  ];
}
