import { completedEvent, labelsOf } from '../attempt-events.ts';
import { ProviderError } from '../errors.ts';
import type { AttemptLabels, ChainEvent, FinishReason, Usage } from '../event.ts';
import type { Provider, RetryPolicy, RunContext, Timeouts } from '../provider.ts';
import type { ChatRequest } from '../request.ts';

/** One answer of a scripted provider. Parts happen in the order: wait, text, tool calls, then the end. */
export interface Script {
  /** The answer: one string is one batch, an array one batch per element. @defaultValue none */
  readonly text?: string | readonly string[];
  /** Thought before the text. */
  readonly reasoning?: string;
  readonly toolCalls?: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  /** Milliseconds on the run's clock before each batch. @defaultValue 0 */
  readonly delayMs?: number;
  /** Thrown after the text. */
  readonly error?: Error;
  /** Ends the stream after the text without its terminal event, as a broken connection does. @defaultValue false */
  readonly cut?: boolean;
  /** Falls silent after the text, for ever. @defaultValue false */
  readonly hang?: boolean;
  /** @defaultValue `'stop'`, or `'tool-calls'` where there are any */
  readonly finishReason?: FinishReason;
  /** What is reported as billed. @defaultValue `null`: nothing is reported */
  readonly usage?: Usage | null;
}

/** A script, its text alone, or a function of the request. */
export type ScriptSource = Script | string | ((request: ChatRequest, context: RunContext) => Script | string);

/** Options of a {@link scriptedProvider}. */
export interface ScriptedProviderOptions {
  /** @defaultValue `'scripted'` */
  readonly name?: string;
  /** @defaultValue `'scripted-1'` */
  readonly model?: string;
  readonly retry?: RetryPolicy;
  readonly timeouts?: Timeouts;
}

/** A provider that says what a test tells it to, and remembers what it was asked. */
export interface ScriptedProvider extends Provider {
  /** Every request that came, in order. */
  readonly requests: readonly ChatRequest[];
  /** How many streams are open: 0 after a run, or something leaks. */
  readonly open: number;
}

/**
 * A provider for tests: answers the first request with the first script, and so on; the last one serves all that follow.
 *
 * @example scriptedProvider(['Hello', { error: new ProviderError('rate-limited', '…', { retryable: true }) }])
 */
export function scriptedProvider(
  scripts: readonly ScriptSource[],
  options: ScriptedProviderOptions = {},
): ScriptedProvider {
  const { name = 'scripted', model = 'scripted-1', ...limits } = options;
  const requests: ChatRequest[] = [];
  let open = 0;
  return {
    name,
    model,
    isLanguageModel: false,
    ...limits,
    requests,
    get open() {
      return open;
    },
    async *generate(request, context) {
      const source = scripts[Math.min(requests.length, scripts.length - 1)] ?? '';
      requests.push(request);
      const script = typeof source === 'function' ? source(request, context) : source;
      open++;
      try {
        yield* play(typeof script === 'string' ? { text: script } : script, context);
      } finally {
        open--;
      }
    },
  };
}

async function* play(script: Script, context: RunContext): AsyncGenerator<readonly ChainEvent[]> {
  const labels = labelsOf(context);
  for (const event of eventsOf(script, labels)) {
    await wait(script.delayMs ?? 0, context);
    yield [event];
  }
  if (script.hang === true) await wait(Infinity, context);
  if (script.error !== undefined) throw script.error;
  if (script.cut === true) return;
  const finishReason = script.finishReason ?? ((script.toolCalls ?? []).length > 0 ? 'tool-calls' : 'stop');
  yield [completedEvent(labels, { finishReason, usage: script.usage ?? null })];
}

function eventsOf(script: Script, labels: AttemptLabels): ChainEvent[] {
  const { text = [], reasoning, toolCalls = [] } = script;
  return [
    ...(reasoning === undefined ? [] : [{ type: 'reasoning', ...labels, text: reasoning } as const]),
    ...(typeof text === 'string' ? [text] : text).map(
      (piece) => ({ type: 'token', ...labels, text: piece }) as const,
    ),
    ...toolCalls.map((call) => ({ type: 'tool-call', ...labels, ...call }) as const),
  ];
}

function wait(ms: number, { clock, signal }: RunContext): Promise<void> {
  if (signal.aborted) return Promise.reject(signal.reason as Error);
  if (ms === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      cancel();
      signal.removeEventListener('abort', finish);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve();
    };
    const cancel = ms === Infinity ? () => undefined : clock.after(ms, finish);
    signal.addEventListener('abort', finish, { once: true });
  });
}

/** A provider error as a test wants it: retryable unless told otherwise. */
export function providerError(
  code: ConstructorParameters<typeof ProviderError>[0] = 'server',
  options: ConstructorParameters<typeof ProviderError>[2] = {},
): ProviderError {
  return new ProviderError(code, `scripted ${code}`, { retryable: true, ...options });
}
