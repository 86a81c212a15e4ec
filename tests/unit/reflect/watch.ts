import { Chain, type ChainOptions, type RunInput } from '../../../src/chain.ts';
import type { ChainEvent } from '../../../src/event.ts';
import { textOf, type Message } from '../../../src/message.ts';
import type { ReflectOptions } from '../../../src/reflect/reflect-options.ts';
import { reflect } from '../../../src/reflect/reflect-step.ts';
import type { Scorer } from '../../../src/scorer.ts';
import {
  FakeClock,
  scriptedProvider,
  type Script,
  type ScriptedProvider,
  type ScriptSource,
} from '../../../src/testing/index.ts';

export const messages: readonly Message[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'When is the launch?' },
];

/** A critique of the form that is asked for, with as many major issues as it takes to be believed. */
export function critique(verdict: 'approve' | 'revise', score?: number, ...problems: string[]): string {
  const issues = problems.map((problem) => ({ severity: 'major', problem }));
  return JSON.stringify({ verdict, ...(score !== undefined && { score }), issues });
}

/** Answers by phase: the nth call of a phase gets its nth script, the last one serves all that follow. */
export function byPhase(scripts: Readonly<Record<string, readonly ScriptSource[]>>): ScriptSource[] {
  const counts = new Map<string, number>();
  return [
    (request, context): Script | string => {
      const { phase } = context;
      const count = counts.get(phase) ?? 0;
      counts.set(phase, count + 1);
      const list = scripts[phase] ?? [`unexpected ${phase}`];
      const source = list[Math.min(count, list.length - 1)] ?? '';
      return typeof source === 'function' ? source(request, context) : source;
    },
  ];
}

export function setUp(
  scripts: readonly ScriptSource[],
  options: ReflectOptions = {},
  chainOptions: Partial<ChainOptions> = {},
): { provider: ScriptedProvider; clock: FakeClock; chain: Chain } {
  const provider = scriptedProvider(scripts, { retry: { maxRetries: 0 } });
  const clock = new FakeClock();
  return { provider, clock, chain: new Chain({ provider, clock, ...chainOptions }).use(reflect(options)) };
}

export async function watch(chain: Chain, input: Partial<RunInput> = {}) {
  const run = chain.stream({ messages, ...input });
  const events: ChainEvent[] = [];
  for await (const event of run) events.push(event);
  return { events, result: await run.result() };
}

export async function tokensOf(chain: Chain): Promise<string[]> {
  const texts: string[] = [];
  for await (const text of chain.stream({ messages }).tokens()) texts.push(text);
  return texts;
}

export function only<T extends ChainEvent['type']>(events: readonly ChainEvent[], type: T) {
  return events.filter((event): event is Extract<ChainEvent, { type: T }> => event.type === type);
}

export const phasesOf = (events: readonly ChainEvent[]): string[] =>
  only(events, 'attempt-start').map(({ phase }) => phase);

export const issuesOf = (events: readonly ChainEvent[]): string[] =>
  only(events, 'issue').map(({ code }) => code);

/** What a reader of events has for the answer, in the order in which it came. */
export const answersOf = (events: readonly ChainEvent[]): string =>
  only(events, 'token')
    .filter(({ answer }) => answer)
    .map(({ text }) => text)
    .join('');

export const lastText = (request: { readonly messages: readonly Message[] } | undefined): string => {
  const message = request?.messages.at(-1);
  return message === undefined ? '' : textOf(message);
};

/** A scorer that passes what holds a word. */
export function wants(word: string, scored: (text: string) => number = () => 1): Scorer {
  return {
    name: `wants-${word}`,
    score: ({ text }) => {
      const pass = text.includes(word);
      const problems = pass ? [] : [{ problem: `Say «${word}».` }];
      return Promise.resolve({
        name: `wants-${word}`,
        score: pass ? scored(text) : 0,
        pass,
        details: { problems },
      });
    },
  };
}

/** Moves the clock on, millisecond by millisecond, until something is so; a second of the run's time at most. */
export async function advanceUntil(clock: FakeClock, isSo: () => boolean): Promise<void> {
  for (let ms = 0; ms < 1000 && !isSo(); ms++) await clock.advance(1);
}

/** Moves the clock on until a promise has settled. */
export async function driven<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  const outcomes: unknown[] = [];
  promise.then(
    () => outcomes.push('fulfilled'),
    () => outcomes.push('rejected'),
  );
  await advanceUntil(clock, () => outcomes.length > 0);
  return promise;
}
