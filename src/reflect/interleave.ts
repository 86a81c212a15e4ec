type Arrival<T> = { readonly lane: AsyncIterator<T> } & (
  | { readonly result: IteratorResult<T> }
  | { readonly error: unknown }
);

/**
 * Reads several iterators at the same time and gives what they give in the order in which it comes. Each is read one item ahead and no further.
 * When one throws, `stop` is called, the others are read to their end, and then the error is thrown: they may have an account to give.
 */
export async function* interleave<T>(
  lanes: readonly AsyncIterator<T>[],
  stop: () => void,
): AsyncGenerator<T> {
  const arrivals: Arrival<T>[] = [];
  let wake: (() => void) | undefined;
  const arrive = (arrival: Arrival<T>): void => {
    arrivals.push(arrival);
    wake?.();
  };
  const pull = (lane: AsyncIterator<T>): void => {
    lane.next().then(
      (result) => arrive({ lane, result }),
      (error: unknown) => arrive({ lane, error }),
    );
  };
  let open = lanes.length;
  const failures: unknown[] = [];
  try {
    for (const lane of lanes) pull(lane);
    while (open > 0) {
      const arrival = arrivals.shift();
      if (arrival === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
      } else if ('error' in arrival) {
        open -= 1;
        failures.push(arrival.error);
        stop();
      } else if (arrival.result.done === true) open -= 1;
      else {
        yield arrival.result.value;
        pull(arrival.lane);
      }
    }
  } finally {
    if (open > 0) stop();
    // Left in the middle: nobody waits for lanes that do not listen.
    if (open > 0) for (const lane of lanes) void lane.return?.().catch(() => undefined);
  }
  if (failures.length > 0) throw failures[0];
}
