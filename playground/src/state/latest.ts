/**
 * Runs a task some time after the last call, and never two at once: a newer call aborts the older one's task.
 *
 * @param delayMs - how long to wait for a further call, in milliseconds
 */
export function latest(delayMs: number): (task: (signal: AbortSignal) => Promise<void>) => void {
  let running = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (task) => {
    clearTimeout(timer);
    running.abort();
    running = new AbortController();
    const { signal } = running;
    timer = setTimeout(() => {
      // A task tells of its own failures; that of one that was overtaken is of no interest.
      task(signal).catch(() => undefined);
    }, delayMs);
  };
}
