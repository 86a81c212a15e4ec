/** The keys of one run. */
export interface RunKeys {
  /** A stream: an entry a batch, its id `<number of the first event>-0`. */
  readonly events: string;
  /** Lives while a host executes the run. */
  readonly owner: string;
  /** Lives while a reader on another host reads. */
  readonly readers: string;
}

export function keysOf(prefix: string, req_id: string): RunKeys {
  const stem = `${prefix}${req_id}`;
  return { events: `${stem}:events`, owner: `${stem}:owner`, readers: `${stem}:readers` };
}

/** A stream of requests to stop a run, read by every host. */
export function stopKey(prefix: string): string {
  return `${prefix}stops`;
}
