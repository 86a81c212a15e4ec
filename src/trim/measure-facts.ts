import type { FactRetention } from './retention/fact-retention.ts';
import type { Choice, TrimTask } from './trim-task.ts';

/** What is left of the facts in that which could be dropped; `null` where it is not measured. */
export function measureFacts(task: TrimTask, { why, messages }: Choice): FactRetention | null {
  const { plan, ledger, means, protectedWhy, query } = task;
  const wanted = plan.measureFacts ?? (plan.minFactRetention > 0 || ledger.isSmall);
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
