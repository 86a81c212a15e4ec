import type { FinishReason } from '../../event.ts';
import { factsOf } from '../retention/facts-of.ts';
import { hasControlText } from './summary-prompt.ts';

/** What a summary is judged by. */
export interface SummaryTrial {
  readonly text: string;
  readonly finishReason: FinishReason;
  /** Its size in the prompt, in tokens. */
  readonly tokens: number;
  /** How large it may be, in tokens. */
  readonly maxTokens: number;
  /** The size of what it replaces, in tokens. */
  readonly replacedTokens: number;
  /** What it replaces. */
  readonly replaced: string;
  /** The least share of numbers, dates, names, identifiers, addresses and paths that must be left, 0 to 1. */
  readonly minRetention: number;
}

const POINTS: ReadonlySet<string> = new Set(['number', 'date', 'id', 'url', 'path', 'name']);

/** Why a summary will not do, in a word; `undefined` when it will. What fails here never replaces history. */
export function checkSummary(trial: SummaryTrial): string | undefined {
  const { text, finishReason, tokens, maxTokens, replacedTokens, replaced, minRetention } = trial;
  if (text.trim() === '') return 'empty';
  if (finishReason === 'length') return 'cut';
  if (finishReason !== 'stop' && finishReason !== 'unknown') return 'refused';
  if (hasControlText(text)) return 'control-text';
  if (tokens > maxTokens || tokens >= replacedTokens) return 'too-long';
  return pointsLeft(replaced, text) < minRetention ? 'facts-lost' : undefined;
}

function pointsLeft(before: string, after: string): number {
  const points = [...factsOf(before)].filter((fact) => POINTS.has(fact.slice(0, fact.indexOf(':'))));
  const left = factsOf(after);
  return points.length === 0 ? 1 : points.filter((fact) => left.has(fact)).length / points.length;
}
