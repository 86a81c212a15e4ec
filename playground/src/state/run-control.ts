import { batch, computed } from '@preact/signals';
import type { Message } from 'katamari';
import { record } from 'katamari/testing';

import { runBody } from '../api/run-body.ts';
import { readRun, stopRun, type RunReader } from '../api/run-client.ts';
import { applyEvent, endRun } from '../run/apply-event.ts';
import { emptyRun, isUnderWay, type RunView } from '../run/run-view.ts';
import { lastTurn, messagesFor, question, runs, turns, type Turn } from './conversation.ts';
import { painter } from './painter.ts';
import { yamlOf } from './persona-preview.ts';
import type { RunRecord } from './run-record.ts';
import { setups, sidesInUse, type Side } from './setup.ts';

/** How many runs can still be exported. */
const RECORDS_KEPT = 12;

const records = new Map<number, RunRecord>();
/** Runs as they are, where the screen is a frame behind. */
const current = new Map<number, RunView>();
const stops = new Map<number, () => void>();
let lastNumber = 0;

/** True while a run of the last turn goes on. */
export const busy = computed(() =>
  Object.values(lastTurn.value?.runs ?? {}).some((number) => {
    const run = runs.value.get(number);
    return run !== undefined && isUnderWay(run);
  }),
);

const paint = painter(() => {
  runs.value = new Map(current);
});

/** Asks a question, of every set-up in use. */
export function ask(text: string): void {
  const before = turns.value;
  const numbers: Partial<Record<Side, number>> = {};
  batch(() => {
    for (const side of sidesInUse.value) {
      const messages: Message[] = [...messagesFor(side, before), { role: 'user', content: text }];
      numbers[side] = begin(side, messages);
    }
    turns.value = [...before, { id: ++lastNumber, question: text, runs: numbers }];
    question.value = '';
  });
}

/** Stops what runs. What was written stays, and the server sends its account of it. */
export function stop(): void {
  for (const number of Object.values(lastTurn.value?.runs ?? {})) stops.get(number)?.();
}

/** Asks the last question again, with the set-up as it is now. */
export function retry(): void {
  const turn = takeBack();
  if (turn !== undefined) ask(turn.question);
}

/** Puts the last question back into its field. */
export function edit(): void {
  const turn = takeBack();
  if (turn !== undefined) question.value = turn.question;
}

/** What an export needs of the last run on a side. */
export function recordOf(side: Side): RunRecord | undefined {
  const number = lastTurn.value?.runs[side];
  return number === undefined ? undefined : records.get(number);
}

/** The messages that the last run on a side was given, with the persona's prompt where it had one. */
export function lastMessages(side: Side): readonly Message[] {
  const number = lastTurn.value?.runs[side];
  return (number === undefined ? undefined : records.get(number)?.messages) ?? [];
}

function takeBack(): Turn | undefined {
  const turn = lastTurn.value;
  if (turn === undefined || busy.value) return undefined;
  turns.value = turns.value.slice(0, -1);
  return turn;
}

function begin(side: Side, messages: readonly Message[]): number {
  const number = ++lastNumber;
  const setup = setups[side].value;
  const recorder = record();
  const body = runBody(setup, messages);
  records.set(number, { setup, yaml: yamlOf(setup), body, messages, events: [], recorder });
  for (const old of [...records.keys()].slice(0, -RECORDS_KEPT)) records.delete(old);
  show(number, emptyRun);
  runs.value = new Map(current);
  void follow(number);
  return number;
}

async function follow(number: number): Promise<void> {
  const kept = records.get(number);
  if (kept === undefined) return;
  const leave = new AbortController();
  let startedAt: number | undefined;
  const reader: RunReader = {
    fetch: kept.recorder.fetch,
    signal: leave.signal,
    onReconnect: () => {
      change(number, (run) => ({ ...run, status: 'reconnecting' }));
    },
  };
  stops.set(number, () => void halt(number, leave));
  try {
    for await (const event of readRun(kept.body, reader)) {
      const now = performance.now();
      startedAt ??= now;
      kept.events.push(event);
      const atMs = now - startedAt;
      change(number, (run) => applyEvent(resumed(run), event, atMs), now);
    }
  } catch (error) {
    if (leave.signal.aborted) change(number, (run) => ({ ...endRun(run, 'cut', null), status: 'stopped' }));
    else change(number, (run) => endRun(run, ...causeOf(error)));
  } finally {
    stops.delete(number);
  }
}

/** Stops a run at the server, so that its closing figures come; where that is out of reach, at least here. */
async function halt(number: number, leave: AbortController): Promise<void> {
  const req_id = current.get(number)?.start?.req_id;
  try {
    if (req_id === undefined) throw new Error('The run has not begun.');
    await stopRun(req_id);
  } catch {
    leave.abort();
  }
}

function resumed(run: RunView): RunView {
  return run.status === 'reconnecting' ? { ...run, status: 'running' } : run;
}

function causeOf(error: unknown): ['failed' | 'lost' | 'cut', { code: string; message: string }] {
  const { code = 'unknown', message = String(error) } = error as { code?: string; message?: string };
  const status = code === 'not-found' || code === 'gone' ? 'lost' : code === 'connection' ? 'cut' : 'failed';
  return [status, { code, message }];
}

function change(number: number, next: (run: RunView) => RunView, now = performance.now()): void {
  show(number, next(current.get(number) ?? emptyRun));
  paint(now);
}

function show(number: number, run: RunView): void {
  current.set(number, run);
}
