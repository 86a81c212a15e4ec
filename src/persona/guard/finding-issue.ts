import type { AttemptLabels, IssueEvent } from '../../event.ts';
import type { Finding } from './held-text.ts';

/** Where something was found. */
export type Place = 'answer' | 'reasoning' | 'arguments' | 'input';

const CODES: Readonly<Record<Place, string>> = {
  answer: 'forbidden-term',
  reasoning: 'forbidden-term-in-reasoning',
  arguments: 'forbidden-term-in-arguments',
  input: 'forbidden-term-in-input',
};

/** Tells of a finding by the entries' numbers: what is forbidden must not leave in an event either. */
export function findingIssue(
  { start, end, entries }: Finding,
  place: Place,
  what: string,
  { req_id, phase, call }: Pick<AttemptLabels, 'req_id' | 'phase' | 'call'>,
): IssueEvent {
  const known = entries.filter((entry) => entry >= 0).map((entry) => `forbid[${entry}]`);
  const limit =
    known.length === 0 ? 'the hold limit was reached by what may become forbidden' : known.join(', ');
  return {
    type: 'issue',
    req_id,
    source: 'forbid',
    code: CODES[place],
    severity: place === 'input' ? 'info' : 'warning',
    message: `${what} holds what is forbidden (${limit}), from ${start} to ${end}.`,
    path: known[0] ?? 'forbid',
    ...(place !== 'input' && { phase, call }),
    start,
    end,
  };
}
