import { isKatamariError } from '../errors.ts';
import { toConnectionError } from './connection-error.ts';

/**
 * Waits for the answer of a `fetch`. Settles at once when the signal is aborted, also where an injected `fetch` does not look at it; an
 * answer that comes later is dropped.
 *
 * @param who - who is asked, for messages
 * @throws {@link ProviderError} where no answer comes; the signal's reason, when it is aborted
 */
export async function fetchOrAbort(
  send: () => Promise<Response>,
  signal: AbortSignal,
  who: string,
): Promise<Response> {
  signal.throwIfAborted();
  let onAbort = ignore;
  const aborted = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      reject(asReason(signal));
    };
  });
  signal.addEventListener('abort', onAbort, { once: true });
  const request = send();
  try {
    return await Promise.race([request, aborted]);
  } catch (error) {
    if (!signal.aborted) {
      // An injected `fetch` that throws one of the family means it: a recording that holds no such request is no broken connection.
      throw isKatamariError(error) ? error : toConnectionError(error, who);
    }
    void request.then((late) => late.body?.cancel()).catch(ignore);
    throw asReason(signal);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function asReason(signal: AbortSignal): Error {
  return signal.reason as Error;
}

function ignore(): void {
  // The answer is not wanted any more; how its body ends does not matter.
}
