import type { z } from 'zod';

import { HttpFault } from './http-fault.ts';

type Issue = z.core.$ZodIssue;

/**
 * A body that fits its schema.
 *
 * @throws HttpFault 400, naming the place and what is expected there, and never what stood there
 */
export function checkBody<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw issue === undefined ? new HttpFault(400, 'invalid-input', 'The body will not do.') : faultOf(issue);
}

function faultOf(issue: Issue): HttpFault {
  const { path, message } = nearest(issue);
  const place = placeName(path);
  const sentence = `${place === '' ? 'The body' : place}: ${brief(message)}.`;
  return new HttpFault(400, 'invalid-input', sentence, { param: place === '' ? undefined : place });
}

/** Of a union's issues the one that went furthest: that branch is the one that was meant. */
function nearest(issue: Issue): { path: readonly PropertyKey[]; message: string } {
  if (issue.code !== 'invalid_union') return issue;
  const branches = issue.errors.flatMap((issues) => {
    const [first] = issues;
    return first === undefined ? [] : [nearest(first)];
  });
  const deepest = branches.toSorted((a, b) => b.path.length - a.path.length)[0];
  if (deepest === undefined || deepest.path.length === 0)
    return {
      path: issue.path,
      message: [...new Set(branches.map(({ message }) => message))].join(' or ') || issue.message,
    };
  return { path: [...issue.path, ...deepest.path], message: deepest.message };
}

function placeName(path: readonly PropertyKey[]): string {
  return brief(
    path
      .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
      .join(''),
  );
}

/** Keys are the client's own words: one line, not long. */
function brief(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').replace(/\.$/, '');
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
