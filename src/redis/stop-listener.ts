import type { SendCommand } from './redis-client.ts';
import type { StreamFollower } from './stream-follower.ts';

/** Requests that are kept: hosts read them at once, and nobody wants old ones. */
const KEPT = '1000';

/** How long the stream outlives the last request, in milliseconds. */
const EXPIRES_MS = '3600000';

/** What a listener works with. */
export interface StopListenerOptions {
  readonly key: string;
  readonly send: SendCommand;
  readonly follower: StreamFollower;
  /** Called with the id of every run that somebody asks to stop. */
  readonly stop: (req_id: string) => void;
}

/** Hears on this host what was asked on another: one stream of ids of runs, which every host reads that executes any. */
export class StopListener {
  readonly #options: StopListenerOptions;
  #isWanted = false;
  #position = '0-0';
  #opening: Promise<void> | undefined;
  #unfollow: (() => void) | undefined;
  #isReading = false;
  #mayHaveMore = false;

  constructor(options: StopListenerOptions) {
    this.#options = options;
  }

  /** Listens from now on. */
  open(): Promise<void> {
    this.#isWanted = true;
    return (this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    }));
  }

  /** Asks every host to stop the run. */
  async request(req_id: string): Promise<void> {
    const { key, send } = this.#options;
    await send(['XADD', key, 'MAXLEN', '~', KEPT, '*', 'run', req_id]);
    await send(['PEXPIRE', key, EXPIRES_MS]);
  }

  close(): void {
    this.#isWanted = false;
    this.#unfollow?.();
    this.#unfollow = undefined;
    this.#opening = undefined;
  }

  async #open(): Promise<void> {
    const { key, send, follower } = this.#options;
    const [newest] = idsAndRuns(await send(['XREVRANGE', key, '+', '-', 'COUNT', '1']));
    if (!this.#isWanted) return;
    this.#position = newest?.[0] ?? '0-0';
    this.#unfollow = follower.follow(key, this.#position, () => {
      this.#mayHaveMore = true;
      void this.#read();
    });
    this.#mayHaveMore = true;
    void this.#read();
  }

  async #read(): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    const { key, send, stop } = this.#options;
    try {
      while (this.#mayHaveMore) {
        this.#mayHaveMore = false;
        for (const [id, req_id] of idsAndRuns(await send(['XRANGE', key, this.#position, '+']))) {
          if (id === this.#position) continue;
          this.#position = id;
          stop(req_id);
        }
      }
    } catch {
      // The follower calls again after a failure.
      this.#mayHaveMore = true;
    } finally {
      this.#isReading = false;
    }
  }
}

function idsAndRuns(reply: unknown): (readonly [id: string, req_id: string])[] {
  if (!Array.isArray(reply)) return [];
  return (reply as readonly (readonly [unknown, readonly unknown[]])[]).map(
    ([id, fields]) => [String(id), String(fields[1])] as const,
  );
}
