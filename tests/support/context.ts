import type { ChainEvent } from '../../src/event.ts';
import type { Provider, RunContext } from '../../src/provider.ts';
import { runContext } from '../../src/testing/run-context.ts';

/** A context to drive a provider with, outside of any chain. */
export interface TestContext {
  readonly context: RunContext;
  readonly controller: AbortController;
  /** What was emitted beside the stream. */
  readonly emitted: ChainEvent[];
}

/** Makes a context for one call of the provider. */
export function makeContext(provider: Provider, overrides: Partial<RunContext> = {}): TestContext {
  const controller = new AbortController();
  const emitted: ChainEvent[] = [];
  const context = runContext(provider, {
    signal: controller.signal,
    emit: (event) => {
      emitted.push(event);
    },
    ...overrides,
  });
  return { context, controller, emitted };
}

/** All events of a stream, in one list. */
export async function collect(stream: AsyncIterable<readonly ChainEvent[]>): Promise<ChainEvent[]> {
  const events: ChainEvent[] = [];
  for await (const batch of stream) events.push(...batch);
  return events;
}

/** The text of the tokens. */
export function textOfEvents(events: readonly ChainEvent[]): string {
  return events.map((event) => (event.type === 'token' ? event.text : '')).join('');
}
