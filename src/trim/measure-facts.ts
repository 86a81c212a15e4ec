import { textOf, type Message } from '../message.ts';
import type { FactRetention } from './retention/fact-retention.ts';
import type { Choice, TrimTask } from './trim-task.ts';

/** In a longer history facts are only measured where somebody wants it, in UTF-16 units: the first time reading as much takes 30 to 60 ms. */
const MOST_LENGTH = 400_000;

/**
 * What is left of the facts in that which could be dropped, measured at the first call of what is given back: reading them costs several times
 * what the choice does. `null` where it is not measured.
 */
export function measureFacts(task: TrimTask, choice: Choice): () => FactRetention | null {
  let facts: FactRetention | null | undefined;
  return () => (facts === undefined ? (facts = retentionOf(task, choice)) : facts);
}

function retentionOf(task: TrimTask, { why, messages }: Choice): FactRetention | null {
  const { plan, means, protectedWhy, query } = task;
  const wanted = plan.measureFacts ?? (plan.minFactRetention > 0 || isShort(task.messages));
  if (!wanted) return null;
  const isFixed = (index: number): boolean => ['system', 'current-turn'].includes(protectedWhy[index] ?? '');
  const before = task.messages.filter((_, index) => !isFixed(index));
  const known = task.messages.filter((_, index) => isFixed(index));
  // What stands in the place of dropped messages (a summary) holds facts too.
  const given = new Set(task.messages);
  const after = [
    ...task.messages.filter((_, index) => !isFixed(index) && why[index] !== undefined),
    ...messages.filter((message) => !given.has(message)),
  ];
  return means.facts.retention({ before, after, known, query });
}

function isShort(messages: readonly Message[]): boolean {
  let length = 0;
  for (const message of messages) length += textOf(message).length + 16;
  return length <= MOST_LENGTH;
}
