import type { Clock } from '../clock.ts';

/** How much of an error body is read, in bytes: vendors' own take a few hundred, a proxy's page says nothing more after this. */
const maxErrorBytes = 64 * 1024;

/** How long an error body may take, in milliseconds. */
const maxErrorBodyMs = 5000;

/**
 * Reads a body that is expected to be short, up to a size, a time, or until the signal; then it is cancelled, and what has come so far is
 * the result.
 */
export async function readBounded(
  body: ReadableStream<Uint8Array> | null,
  clock: Clock,
  signal: AbortSignal,
): Promise<string> {
  if (body === null) return '';
  const source = body.getReader();
  const decoder = new TextDecoder();
  const cancel = (): void => {
    source.cancel().catch(ignore);
  };
  const cancelTimer = clock.after(maxErrorBodyMs, cancel);
  signal.addEventListener('abort', cancel, { once: true });
  let text = '';
  let size = 0;
  try {
    while (size < maxErrorBytes) {
      const { done, value } = await source.read();
      if (done) return text + decoder.decode();
      size += value.length;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // The body broke: what came before still says more than nothing.
  } finally {
    cancelTimer();
    signal.removeEventListener('abort', cancel);
    cancel();
  }
  return text;
}

function ignore(): void {
  // The body is not wanted any more; how it ends does not matter.
}
