import type { AttemptLabels, IssueEvent } from '../../event.ts';
import { textOf } from '../../message.ts';
import type { ChatRequest } from '../../request.ts';
import { findIn } from './find-in.ts';
import { findingIssue } from './finding-issue.ts';
import type { Guard } from './guard.ts';

/** More of them say nothing more. */
const MAX_ISSUES = 20;

/** What the user's last message holds that is forbidden. It is told, not changed. */
export function inputIssues(guard: Guard, { messages }: ChatRequest, labels: AttemptLabels): IssueEvent[] {
  const index = messages.findLastIndex(({ role }) => role === 'user');
  const message = messages[index];
  if (message === undefined) return [];
  const path = `messages[${index}]`;
  return findIn(guard, textOf(message))
    .findings.slice(0, MAX_ISSUES)
    .map((finding) => ({ ...findingIssue(finding, 'input', `The user's message ${path}`, labels), path }));
}
