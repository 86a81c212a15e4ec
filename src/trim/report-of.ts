import type { MessageFate } from '../event.ts';
import type { FactRetention } from './retention/fact-retention.ts';
import type { TrimIssue, TrimResult } from './trim-report.ts';
import type { Choice, TrimTask } from './trim-task.ts';

/**
 * The result of a trim, with the account of it.
 *
 * @param choice - what was chosen to stay; `undefined` where everything fits
 * @param facts - what is left of the facts: measured when it is asked for
 */
export function reportOf(
  task: TrimTask,
  choice: Choice | undefined,
  facts: () => FactRetention | null,
): TrimResult {
  const { targetTokens } = task.plan;
  const strategy = typeof task.plan.strategy === 'function' ? 'custom' : task.plan.strategy;
  const { sizes, tokens, estimated } = task.ledger.account(task.units.abouts);
  const messages = choice?.messages ?? task.messages;
  const report = {
    strategy,
    targetTokens,
    tokensBefore: Math.ceil(tokens),
    tokensAfter: Math.ceil(choice?.tokens ?? tokens),
    estimated,
    get facts() {
      return facts();
    },
    messages: fatesOf(task, choice, sizes),
    issues: choice === undefined ? [] : issuesOf(task, choice, facts),
  };
  return { messages, changed: messages !== task.messages, report };
}

function fatesOf(
  { messages, units, protectedWhy }: TrimTask,
  choice: Choice | undefined,
  sizes: Float64Array,
): MessageFate[] {
  const all = choice === undefined || choice.messages === messages;
  const hasParts = (choice?.parts.size ?? 0) > 0;
  return messages.map(({ role }, index) => {
    const why = all ? (protectedWhy[index] ?? 'fits') : choice.why[index];
    const tokens = Math.ceil(sizes[index] ?? 0);
    if (why !== undefined) return { index, role, fate: 'kept', why, tokens };
    const part = hasParts ? choice?.parts.get(index) : undefined;
    if (part !== undefined) return { index, role, fate: 'shortened', why: part.why, tokens };
    const orphan = units.unitOf[index]?.kind === 'orphan' ? 'orphan' : 'budget';
    return { index, role, fate: 'dropped', why: choice?.droppedWhy?.(index) ?? orphan, tokens };
  });
}

function issuesOf({ plan }: TrimTask, { tokens }: Choice, facts: () => FactRetention | null): TrimIssue[] {
  const issues: TrimIssue[] = [];
  const { targetTokens, minFactRetention, onLoss } = plan;
  if (tokens > targetTokens) {
    const what = onLoss === 'widen' ? 'To keep enough of the facts' : 'What must stay';
    const message = `${what} takes ${Math.ceil(tokens)} tokens, more than targetTokens, ${targetTokens}; it is sent all the same.`;
    issues.push({
      code: onLoss === 'widen' ? 'budget-widened' : 'budget-impossible',
      severity: 'warning',
      message,
    });
  }
  const left = minFactRetention > 0 ? (facts()?.overall ?? 1) : 1;
  if (left < minFactRetention) {
    const message = `${percent(left)} of the facts are left after the trim, less than minFactRetention, ${percent(minFactRetention)}.`;
    issues.push({ code: 'fact-loss', severity: 'warning', message: `${message} Raise targetTokens.` });
  }
  return issues;
}

function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}
