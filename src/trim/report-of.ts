import type { MessageFate } from '../event.ts';
import type { FactRetention } from './retention/fact-retention.ts';
import type { TrimIssue, TrimResult } from './trim-report.ts';
import type { Choice, TrimTask } from './trim-task.ts';

/**
 * The result of a trim, with the account of it.
 *
 * @param choice - what was chosen to stay; `undefined` where everything fits
 */
export function reportOf(
  task: TrimTask,
  choice: Choice | undefined,
  facts: FactRetention | null,
): TrimResult {
  const { targetTokens } = task.plan;
  const strategy = typeof task.plan.strategy === 'function' ? 'custom' : task.plan.strategy;
  const { tokens, estimated } = task.ledger.total();
  const account = {
    strategy,
    targetTokens,
    tokensBefore: Math.ceil(tokens),
    tokensAfter: Math.ceil(choice?.tokens ?? tokens),
    estimated,
    facts,
  };
  const messages = choice?.messages ?? task.messages;
  const report = {
    ...account,
    messages: fatesOf(task, choice),
    issues: choice === undefined ? [] : issuesOf(task, choice, facts),
  };
  return { messages, changed: messages !== task.messages, report };
}

function fatesOf(
  { messages, units, ledger, protectedWhy }: TrimTask,
  choice: Choice | undefined,
): MessageFate[] {
  const all = choice === undefined || choice.messages === messages;
  return messages.map(({ role }, index) => {
    const why = all ? (protectedWhy[index] ?? 'fits') : choice.why[index];
    const tokens = Math.ceil(ledger.bound(index));
    if (why !== undefined) return { index, role, fate: 'kept', why, tokens };
    const part = choice?.parts.get(index);
    if (part !== undefined) return { index, role, fate: 'shortened', why: part.why, tokens };
    const orphan = units.unitOf[index]?.kind === 'orphan' ? 'orphan' : 'budget';
    return { index, role, fate: 'dropped', why: choice?.droppedWhy?.(index) ?? orphan, tokens };
  });
}

function issuesOf({ plan }: TrimTask, { tokens }: Choice, facts: FactRetention | null): TrimIssue[] {
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
  const left = facts?.overall ?? 1;
  if (left < minFactRetention) {
    const message = `${percent(left)} of the facts are left after the trim, less than minFactRetention, ${percent(minFactRetention)}.`;
    issues.push({ code: 'fact-loss', severity: 'warning', message: `${message} Raise targetTokens.` });
  }
  return issues;
}

function percent(share: number): string {
  return `${Math.floor(share * 100)} %`;
}
