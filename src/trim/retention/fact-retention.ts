import { textOf, type Message } from '../../message.ts';
import { factsOf, type FactKind } from './facts-of.ts';
import { termsIn } from './query-terms.ts';

/** How many different facts there were, and how many of them are still there. */
export interface FactCount {
  readonly before: number;
  readonly kept: number;
}

/** What became of the facts of a history. Plain JSON. */
export interface FactRetention {
  /** Kept facts of all kinds, divided by all there were, 0 to 1; `null` where there were none. */
  readonly overall: number | null;
  /** By kind; kinds that do not occur are left out. */
  readonly kinds: Readonly<Partial<Record<FactKind, FactCount>>>;
}

/** A history before and after a trim. */
export interface Comparison {
  /** The messages that could be dropped. */
  readonly before: readonly Message[];
  /** What stands in their place. */
  readonly after: readonly Message[];
  /** What is there besides, before and after: a fact that is repeated there is not lost. */
  readonly known: readonly Message[];
  /** Its terms are facts too, of the kind `query-term`, as far as they occur in the history. */
  readonly query: string;
}

/** Facts of messages, each message read once as long as it lives. */
export class FactBook {
  readonly #facts = new WeakMap<Message, ReadonlySet<string>>();

  /** Which facts of a history are still in what is left of it: each counted once, however often it is said. */
  retention({ before, after, known, query }: Comparison): FactRetention {
    const remaining = new Set(after);
    const gone = before.filter((message) => !remaining.has(message));
    const [keptFacts, goneFacts, knownFacts] = [this.#union(after), this.#union(gone), this.#union(known)];
    const [kept, lost] = [new Map<string, number>(), new Map<string, number>()];
    for (const fact of keptFacts) count(kept, kindOf(fact));
    for (const fact of goneFacts)
      if (!keptFacts.has(fact)) count(knownFacts.has(fact) ? kept : lost, kindOf(fact));
    const terms = termsIn(query, after.map(factText), gone.map(factText));
    kept.set('query-term', terms.kept);
    lost.set('query-term', terms.lost);
    return retentionOf(kept, lost);
  }

  #union(messages: readonly Message[]): Set<string> {
    const all = new Set<string>();
    for (const message of messages) for (const fact of this.#of(message)) all.add(fact);
    return all;
  }

  #of(message: Message): ReadonlySet<string> {
    let facts = this.#facts.get(message);
    if (facts === undefined) {
      facts = factsOf(factText(message));
      this.#facts.set(message, facts);
    }
    return facts;
  }
}

function retentionOf(kept: ReadonlyMap<string, number>, lost: ReadonlyMap<string, number>): FactRetention {
  const kinds: Partial<Record<string, FactCount>> = {};
  let [allBefore, allKept] = [0, 0];
  for (const kind of new Set([...kept.keys(), ...lost.keys()])) {
    const still = kept.get(kind) ?? 0;
    const before = still + (lost.get(kind) ?? 0);
    if (before > 0) kinds[kind] = { before, kept: still };
    allBefore += before;
    allKept += still;
  }
  return { overall: allBefore === 0 ? null : allKept / allBefore, kinds };
}

function kindOf(fact: string): string {
  return fact.slice(0, fact.indexOf(':'));
}

function count(counts: Map<string, number>, kind: string): void {
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
}

/** All that a message says: its name, its text, and what it asks of tools. */
function factText(message: Message): string {
  const text = message.name === undefined ? textOf(message) : `${message.name}: ${textOf(message)}`;
  if (message.role !== 'assistant' || message.toolCalls === undefined) return text;
  return [text, ...message.toolCalls.map((call) => `${call.name} ${call.arguments}`)].join('\n');
}
