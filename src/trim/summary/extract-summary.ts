import { textOf, type Message } from '../../message.ts';
import { sentencesOf } from '../../text/sentences.ts';
import { factsOf } from '../retention/facts-of.ts';

/** A longer sentence is a listing or a file, in UTF-16 units. */
const SENTENCE_LENGTH = 400;

interface Candidate {
  readonly line: string;
  readonly order: number;
  readonly value: number;
}

/**
 * A summary without a model: of the summary so far and the messages, the sentences with the most facts for their length, in order.
 *
 * @param maxTokens - how long it may be
 * @param count - tokens of a text
 * @returns the empty text where nothing holds a fact
 */
export function extractSummary(
  messages: readonly Message[],
  before: string,
  { maxTokens, count }: { maxTokens: number; count: (text: string) => number },
): string {
  const candidates: Candidate[] = [];
  const consider = (line: string, facts: number): void => {
    const value = facts / Math.sqrt(line.length + 20);
    if (facts > 0) candidates.push({ line, order: candidates.length, value });
  };
  // A line of the summary so far has proved itself once.
  for (const line of before.split('\n')) if (line !== '') consider(line, factsOf(line).size + 1);
  for (const message of messages) {
    for (const sentence of sentencesOf(textOf(message))) {
      const line = sentence.replaceAll(/\s+/g, ' ').trim();
      if (line.length <= SENTENCE_LENGTH)
        consider(`${message.name ?? message.role}: ${line}`, factsOf(line).size);
    }
  }
  const chosen = new Map<string, number>();
  let tokens = 0;
  for (const { line, order } of candidates.toSorted(
    (one, other) => other.value - one.value || one.order - other.order,
  )) {
    const cost = count(line) + 1;
    if (chosen.has(line) || tokens + cost > maxTokens) continue;
    chosen.set(line, order);
    tokens += cost;
  }
  return [...chosen]
    .toSorted((one, other) => one[1] - other[1])
    .map(([line]) => line)
    .join('\n')
    .replaceAll(/~{4,}/g, '~~~');
}
