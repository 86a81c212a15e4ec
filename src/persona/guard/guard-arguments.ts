import { findIn } from './find-in.ts';
import type { Guard } from './guard.ts';
import type { Finding } from './held-text.ts';

/** Texts, and what stands bare (numbers, words); a text that is not closed goes to the end. */
const VALUES = /"(?:[^"\\]|\\.)*(?:"|$)|[^\s"{}[\],:]+/gs;

/**
 * Looks through the arguments of a tool call, JSON text, value by value as they are once parsed. What is masked is JSON again; where nothing is
 * found the text stays as it is, to the byte. Places are counted in that text.
 */
export function guardArguments(
  guard: Guard,
  json: string,
): { readonly findings: readonly Finding[]; readonly masked: string } {
  const findings: Finding[] = [];
  const masked = json.replaceAll(VALUES, (value, offset: number) => {
    const found = findIn(guard, textOf(value));
    if (found.findings.length === 0) return value;
    const entries = [...new Set(found.findings.flatMap((finding) => finding.entries))];
    findings.push({ start: offset, end: offset + value.length, entries });
    return JSON.stringify(found.masked);
  });
  return { findings, masked };
}

function textOf(value: string): string {
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'string' ? parsed : value;
  } catch {
    return value;
  }
}
