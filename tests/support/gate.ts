/** A promise that the test settles itself. */
export interface Gate<Value> {
  readonly opened: Promise<Value>;
  open(value: Value): void;
}

/** Makes a gate, closed. */
export function createGate<Value = void>(): Gate<Value> {
  let resolveGate: ((value: Value) => void) | undefined;
  const opened = new Promise<Value>((resolve) => {
    resolveGate = resolve;
  });
  return { opened, open: (value) => resolveGate?.(value) };
}
