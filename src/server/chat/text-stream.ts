import type { Clock } from '../../clock.ts';

/** How a stream is sent. */
export interface TextStreamOptions {
  readonly clock: Clock;
  /** Silence after which a ping is sent, in milliseconds. */
  readonly pingMs: number;
  /** Told when the reader leaves. */
  readonly onCancel: () => void;
  /** The last words where the source throws. */
  readonly failure: (error: unknown) => string;
}

/** A comment, which readers of server-sent events skip. */
const PING = ': ping\n\n';

/** What is awaited when a read is late. */
const LATE = Symbol('late');

/** Texts that are read one at a time, and can be waited for only so long. */
export class TextSource {
  readonly #texts: AsyncIterator<string>;
  readonly #clock: Clock;
  #reading: Promise<IteratorResult<string>> | undefined;

  constructor(texts: AsyncIterable<string>, clock: Clock) {
    this.#texts = texts[Symbol.asyncIterator]();
    this.#clock = clock;
  }

  /** Whether the next text is there within the time; it stays to be taken. @throws what the source throws */
  async isThere(ms: number): Promise<boolean> {
    return (await this.#within(ms)) !== LATE;
  }

  /** The next text; `undefined` where it is late. @throws what the source throws */
  async take(ms: number): Promise<IteratorResult<string> | undefined> {
    const result = await this.#within(ms);
    if (result === LATE) return undefined;
    this.#reading = undefined;
    return result;
  }

  #within(ms: number): Promise<IteratorResult<string> | typeof LATE> {
    const reading = (this.#reading ??= this.#texts.next());
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(ms, () => {
        resolve(LATE);
      });
      void reading.then(resolve, reject).finally(cancel);
    });
  }
}

/** The texts as a stream of bytes, pulled: while nobody reads, the source is not read either, and no ping is sent. */
export function textStream(source: TextSource, options: TextStreamOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const result = await source.take(options.pingMs);
          if (result?.done === true) controller.close();
          else controller.enqueue(encoder.encode(result?.value ?? PING));
        } catch (error) {
          controller.enqueue(encoder.encode(options.failure(error)));
          controller.close();
        }
      },
      cancel() {
        options.onCancel();
      },
    },
    { highWaterMark: 0 },
  );
}
