import { textOf, type Message } from '../message.ts';
import { bm25 } from '../text/bm25.ts';
import { TermIndex } from '../text/term-index.ts';

/** A message that a trim left out, found again. */
export interface ArchiveHit {
  readonly message: Message;
  /** How well it answers the query, above 0; comparable within one search. */
  readonly score: number;
}

/**
 * Where a trim puts what it leaves out. An archive belongs to one conversation: what one user said must not be found by another.
 */
export interface TrimArchive {
  /** Takes what a trim left out. The same message comes again with every trim, and is stored once. */
  store(dropped: readonly Message[]): void | Promise<void>;
  /** The messages that answer a query best, the best first. @param limit - how many at most. @defaultValue 5 */
  find(query: string, limit?: number): Promise<readonly ArchiveHit[]>;
}

/** Options of {@link memoryArchive}. */
export interface MemoryArchiveOptions {
  /** How many messages are held; when there are more, the older half is forgotten. @defaultValue 10000 */
  readonly maxMessages?: number;
}

/** An archive in memory, searched by words, in English and Japanese. It ends with the process. */
export function memoryArchive({ maxMessages = 10_000 }: MemoryArchiveOptions = {}): TrimArchive {
  let index = new TermIndex();
  let messages: Message[] = [];
  let known = new Set<string>();
  const seen = new WeakSet<Message>();
  const add = (message: Message): void => {
    seen.add(message);
    const key = `${message.role}\n${textOf(message)}`;
    if (known.has(key) || textOf(message).trim() === '') return;
    known.add(key);
    messages.push(message);
    index.append(textOf(message));
  };
  return {
    store(dropped) {
      for (const message of dropped) if (!seen.has(message)) add(message);
      if (messages.length <= maxMessages) return;
      const newest = messages.slice(-Math.ceil(maxMessages / 2));
      [index, messages, known] = [new TermIndex(), [], new Set()];
      newest.forEach(add);
    },
    find(query, limit = 5) {
      const hits = Array.from(bm25(index, query), (score, at) => ({ message: messages[at], score }));
      const found = hits.filter((hit): hit is ArchiveHit => hit.score > 0 && hit.message !== undefined);
      return Promise.resolve(found.toSorted((one, other) => other.score - one.score).slice(0, limit));
    },
  };
}
