import { textOf, type Message } from '../message.ts';
import type { RunContext } from '../provider.ts';
import { knowsLanguage, type Embedder } from './embedder.ts';
import { cosine, MessageVectors } from './message-vectors.ts';
import { hasText, SemanticMeter } from './retention/semantic-retention.ts';
import { warn, type TrimFigures } from './tell-trim.ts';
import type { Nearness } from './trim-task.ts';
import { withinTime } from './within-time.ts';

/** How long a call waits for the embedder, for the ranking and for the measuring each, in milliseconds. */
const DEADLINE_MS = 10_000;
/** After a failure the embedder is not asked for so long, in milliseconds: else each call of a chat would wait for one that hangs. */
const PAUSE_MS = 60_000;

/** What an embedder is asked for: nearness for the ranking, and `semantic_retention`. It never stops an answer. */
export class Meaning {
  readonly #embedder: Embedder;
  readonly #vectors: MessageVectors;
  readonly #meter: SemanticMeter;
  /** Calls whose reader knows already that the embedder failed. */
  readonly #told = new WeakSet<RunContext>();
  #pausedUntil = -Infinity;

  constructor(embedder: Embedder) {
    this.#embedder = embedder;
    this.#vectors = new MessageVectors(embedder);
    this.#meter = new SemanticMeter(embedder, this.#vectors);
  }

  /**
   * How near messages are to a query in meaning. `undefined` where the embedder does not know the query's language, fails, or is late: then
   * words alone decide.
   *
   * @throws only when the run is aborted
   */
  async nearness(
    query: string,
    messages: readonly Message[],
    context: RunContext,
  ): Promise<Nearness | undefined> {
    if (query.trim() === '' || !knowsLanguage(this.#embedder, query)) return undefined;
    const asked: Message = { role: 'user', content: query };
    const known = messages.filter(
      (message) =>
        this.#vectors.of(message) !== undefined ||
        (message.role !== 'system' && hasText(message) && knowsLanguage(this.#embedder, textOf(message))),
    );
    return this.#ask(context, 'the ranking goes by words alone', async (signal) => {
      await this.#vectors.load([asked, ...known], signal);
      const near = new Map<Message, number>();
      const target = this.#vectors.of(asked) ?? [];
      for (const message of known) {
        const value = cosine(target, this.#vectors.of(message) ?? []);
        if (value !== null) near.set(message, value);
      }
      return (message: Message) => near.get(message);
    });
  }

  /** @throws only when the run is aborted */
  async measure(
    before: readonly Message[],
    after: readonly Message[],
    context: RunContext,
  ): Promise<Partial<TrimFigures>> {
    const retention = await this.#ask(context, 'semantic_retention is not measured', (signal) =>
      this.#meter.retention(before, after, signal),
    );
    return typeof retention === 'number'
      ? { semantic_retention: retention, retention_method: this.#meter.method }
      : {};
  }

  async #ask<T>(
    context: RunContext,
    without: string,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> {
    const { clock, signal } = context;
    if (clock.now() < this.#pausedUntil)
      return this.#tell(context, `The embedder failed shortly before and is not asked; ${without}.`);
    const controller = new AbortController();
    try {
      const found = await withinTime(
        work(AbortSignal.any([signal, controller.signal])).then((value) => ({ value })),
        DEADLINE_MS,
        context,
      );
      if (found !== undefined) return found.value;
      this.#pausedUntil = clock.now() + PAUSE_MS;
      return this.#tell(context, `The embedder is late; ${without}.`);
    } catch {
      signal.throwIfAborted();
      this.#pausedUntil = clock.now() + PAUSE_MS;
      return this.#tell(context, `The embedder failed; ${without}.`);
    } finally {
      controller.abort();
    }
  }

  #tell(context: RunContext, message: string): undefined {
    if (this.#told.has(context)) return;
    this.#told.add(context);
    warn(context, 'embedder-failed', message);
  }
}
