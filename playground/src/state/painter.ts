/** How long a hidden page, which gets no frames, may keep events unseen, in milliseconds. */
const HIDDEN_MS = 250;

/** From the arrival of the first event that a frame shows until the frame is on the screen. */
const PAINT_MEASURE = 'katamari.event-to-paint';

/**
 * Gathers what comes between two frames: many events a frame cost one rendering.
 *
 * @param show - makes the screen what it should be
 */
export function painter(show: () => void): (arrivedAt: number) => void {
  let oldest: number | undefined;
  let events = 0;
  let cancel: (() => void) | undefined;
  const paint = (): void => {
    cancel?.();
    cancel = undefined;
    const start = oldest ?? performance.now();
    const detail = { events };
    oldest = undefined;
    events = 0;
    show();
    afterFrame(() => {
      performance.measure(PAINT_MEASURE, { start, end: performance.now(), detail });
      // Observers have it; a list that only grows is of no use.
      performance.clearMeasures(PAINT_MEASURE);
    });
  };
  return (arrivedAt) => {
    oldest ??= arrivedAt;
    events++;
    cancel ??= schedule(paint);
  };
}

function schedule(task: () => void): () => void {
  const frame = requestAnimationFrame(task);
  const timer = setTimeout(task, HIDDEN_MS);
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

/** A task that is posted while a frame is made runs after it has been painted. */
function afterFrame(task: () => void): void {
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.addEventListener('message', task, { once: true });
    port1.start();
    port2.postMessage(null);
  });
}
