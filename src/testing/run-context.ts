import { systemClock } from '../clock.ts';
import type { Provider, RunContext } from '../provider.ts';

/**
 * A context to drive a provider or a step with, outside of any chain: the first attempt of the first call of an answer. What it emits is
 * dropped, unless `emit` is among the overrides.
 *
 * @example for await (const batch of provider.generate({ messages }, runContext(provider))) …
 */
export function runContext(provider: Provider, overrides: Partial<RunContext> = {}): RunContext {
  let calls = 1;
  return {
    req_id: 'test-run-0001',
    call: 1,
    phase: 'answer',
    attempt: 1,
    answer: true,
    signal: new AbortController().signal,
    provider,
    retractable: true,
    clock: systemClock,
    random: () => 0.5,
    state: new Map(),
    emit: () => undefined,
    nextCall: () => ++calls,
    ...overrides,
  };
}
