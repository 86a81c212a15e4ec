/** How long the end of a body may take behind its terminal event, in milliseconds. The answer has been handed over by then. */
const graceMs = 10;

/** The end of a body that is not needed any more. */
export interface BodyTail {
  /** Waits for the end for a few milliseconds at most. Returns false where it has not come: the body is to be cancelled. */
  release(): Promise<boolean>;
}

/**
 * Reads on behind the terminal event, so that the connection can be used again: a body that is cancelled costs the next request a new
 * connection and its handshakes. The end mostly comes in the same packet or the next; a socket that lingers is not waited for.
 */
export function startTail(source: ReadableStreamDefaultReader<Uint8Array>): BodyTail {
  const tail = { hasEnded: false, isWanted: true };
  const end = readOn(source, tail);
  return {
    async release() {
      if (!tail.hasEnded) await within(end);
      tail.isWanted = false;
      return tail.hasEnded;
    },
  };
}

interface TailState {
  hasEnded: boolean;
  isWanted: boolean;
}

async function readOn(source: ReadableStreamDefaultReader<Uint8Array>, tail: TailState): Promise<void> {
  try {
    while (tail.isWanted && !tail.hasEnded) tail.hasEnded = (await source.read()).done;
  } catch {
    // A connection that breaks now takes nothing from the answer.
    tail.hasEnded = true;
  }
}

async function within(end: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const grace = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, graceMs);
  });
  await Promise.race([end, grace]);
  clearTimeout(timer);
}
