import type { KatamariError, ProviderError } from '../errors.ts';
import type { Generate, RetryPolicy, RunContext } from '../provider.ts';
import { Attempt, toKatamariError } from './attempt.ts';

/** Three retries after 1, 2 and 4 s; a longer wait than a minute is not worth a user's while. */
const DEFAULTS = { maxRetries: 3, baseDelayMs: 1000, maxDelayMs: 60_000 } as const;

type Policy = Required<Omit<RetryPolicy, 'budget'>> & Pick<RetryPolicy, 'budget'>;

/** The innermost part of every chain: one model call, in as many attempts as the retry policy allows. */
export const callProvider: Generate = async function* (request, parent) {
  const policy: Policy = { ...DEFAULTS, ...(parent.retry ?? parent.provider.retry) };
  policy.budget?.deposit();
  const call = parent.nextCall();
  for (let number = 1; ; number++) {
    throwIfAborted(parent);
    const context: RunContext = { ...parent, call, attempt: number };
    const attempt = new Attempt(request, context);
    let error: KatamariError | undefined;
    try {
      yield [attempt.startEvent()];
      try {
        for (let batch = await attempt.read(); batch !== null; batch = await attempt.read()) {
          if (batch.length > 0) yield batch;
        }
      } catch (thrown) {
        error = toKatamariError(thrown, parent.provider.name);
      }
      const delayMs = error === undefined ? null : delayBeforeRetry(error, attempt, policy, context);
      yield attempt.settle(error, delayMs);
      if (error === undefined) return;
      if (delayMs === null) throw error;
      attempt.close();
      await sleep(delayMs, context);
    } finally {
      attempt.close();
      // A step that needs no more closes this generator early; the call was made all the same and is accounted for.
      for (const event of attempt.settle(undefined, null)) context.emit(event);
    }
  }
};

/** `null` where no further attempt is made. */
function delayBeforeRetry(
  error: KatamariError,
  attempt: Attempt,
  policy: Policy,
  context: RunContext,
): number | null {
  if (!error.retryable || context.attempt > policy.maxRetries || context.signal.aborted) return null;
  if (attempt.shownText && context.answer && !context.retractable) return null;
  const backoff = policy.baseDelayMs * 2 ** (context.attempt - 1);
  const jitter = backoff * 0.25 * context.random();
  const asked = (error as Partial<ProviderError>).retryAfterMs ?? 0;
  if (asked > policy.maxDelayMs) return null;
  const delayMs = Math.max(asked, Math.min(backoff + jitter, policy.maxDelayMs));
  // The run would be over before the wait is: the failure is what there is to say.
  if (context.clock.now() + delayMs >= (context.budget?.endsAt ?? Infinity)) return null;
  if (policy.budget?.withdraw() === false) return null;
  return delayMs;
}

function sleep(ms: number, context: RunContext): Promise<void> {
  const { clock, signal } = context;
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      cancel();
      signal.removeEventListener('abort', finish);
      if (signal.aborted) reject(toKatamariError(signal.reason, context.provider.name));
      else resolve();
    };
    const cancel = clock.after(ms, finish);
    signal.addEventListener('abort', finish, { once: true });
  });
}

function throwIfAborted({ signal, provider }: RunContext): void {
  if (signal.aborted) throw toKatamariError(signal.reason, provider.name);
}
