import { computed, signal } from '@preact/signals';
import { textOf, type Message } from 'katamari';

import { answerOf, type RunView } from '../run/run-view.ts';
import type { Side } from './setup.ts';

/** A question asked here, with what became of it on either side. */
export interface Turn {
  readonly id: number;
  readonly question: string;
  readonly runs: Readonly<Partial<Record<Side, number>>>;
}

/** The conversation that was loaded. */
export const history = signal<readonly Message[]>([]);

export const turns = signal<readonly Turn[]>([]);

/** What stands in the question field. */
export const question = signal('');

/** Runs by number, the newest with the highest. */
export const runs = signal<ReadonlyMap<number, RunView>>(new Map());

export const lastTurn = computed(() => turns.value.at(-1));

/** The run of the last turn on a side. */
export function lastRunOf(side: Side): RunView | undefined {
  const number = lastTurn.value?.runs[side];
  return number === undefined ? undefined : runs.value.get(number);
}

/** The conversation as a next question would find it on a side: what was loaded, and what was asked and answered since. */
export function messagesFor(side: Side, before: readonly Turn[] = turns.value): readonly Message[] {
  const said = before.flatMap<Message>(({ question, runs: { a, b } }) => {
    const number = side === 'b' ? (b ?? a) : a;
    const run = number === undefined ? undefined : runs.value.get(number);
    const answer = run === undefined ? '' : answerOf(run);
    if (answer === '') return [];
    return [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ];
  });
  return [...history.value, ...said];
}

/** A message's text on one line, cut to a length in characters. */
export function excerptOf(message: Message, length: number): string {
  const text = textOf(message).replaceAll(/\s+/g, ' ').trim();
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
