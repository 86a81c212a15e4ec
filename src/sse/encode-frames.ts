import type { EventBatch, RunFailure } from './event-log.ts';

/** A comment, which readers skip: it shows that the connection lives. */
export const PING = ': ping\n\n';

/** What a stream begins with: how long a reader waits before it comes back, in milliseconds, and a ping, so that headers and first bytes leave at once. */
export function openingFrame(retryMs: number): string {
  return `retry: ${retryMs}\n${PING}`;
}

/** The events of a batch as frames; the number of each is its `id`. JSON text holds no line feed. */
export function encodeFrames({ seq, events }: EventBatch): string {
  let frames = '';
  for (const [index, event] of events.entries())
    frames += `id: ${seq + index}\ndata: ${JSON.stringify(event)}\n\n`;
  return frames;
}

/** The frame that ends the stream of a failed run. It has no `id`: it is no event of the run. */
export function failureFrame(req_id: string | undefined, { code, message, retryable }: RunFailure): string {
  return `data: ${JSON.stringify({ type: 'error', req_id, code, message, retryable })}\n\n`;
}
