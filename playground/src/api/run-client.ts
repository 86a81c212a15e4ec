import type { ChainEvent } from 'katamari';
import { connect } from 'katamari/sse';

import { apiUrl, requestJson } from './request-json.ts';
import type { RunBody } from './run-body.ts';

/** Half a minute in all (1, 2, 4, 8 and 16 s): as long as a server goes on with a run that nobody reads. */
const MAX_RECONNECTS = 5;

/** How a run is read. */
export interface RunReader {
  readonly fetch: typeof globalThis.fetch;
  readonly signal: AbortSignal;
  /** Told when the connection broke and is being taken up again. */
  readonly onReconnect: () => void;
}

/**
 * Starts a run and reads its events, over as many connections as it takes.
 *
 * @throws KatamariError what the run failed with; `not-found` where the server no longer knows it, `connection` where it stays away
 */
export function readRun(body: RunBody, { fetch, signal, onReconnect }: RunReader): AsyncIterable<ChainEvent> {
  return connect(apiUrl('v1/runs'), { body, fetch, signal, onReconnect, maxReconnects: MAX_RECONNECTS });
}

/** Tells the server to stop a run; its stream then closes with its figures. */
export async function stopRun(req_id: string): Promise<void> {
  await requestJson(`v1/runs/${encodeURIComponent(req_id)}`, { method: 'DELETE' });
}
