import type { Message } from '../../src/message.ts';
import { readConversations, type Conversation } from '../conversations.ts';
import type { Table } from '../harness/table.ts';
import { tokensOfAll } from './invariants.ts';
import type { Peer, Placed, Prepared } from './peer.ts';

/** What is asked of which data. */
export interface EvidenceOptions {
  readonly folder: string;
  readonly set: string;
  readonly budgets: readonly number[];
  /** Every how many questions one is asked. */
  readonly every: number;
  /** No question is begun after this, in milliseconds. */
  readonly deadlineMs: number;
}

interface Ask {
  readonly history: readonly Placed[];
  readonly evidence: readonly number[];
}

/** What came of one peer with one budget. */
interface Tally {
  /** Sum over the questions of the share of evidence that is left. */
  share: number;
  /** How many were over the budget. */
  over: number;
  /** The worst of them, as a share of the budget. */
  worst: number;
}

/** The share of evidence messages that are still there whole, and how often the contents were over the budget. */
export async function evidenceKept(peers: readonly Peer[], options: EvidenceOptions): Promise<Table> {
  const { folder, set, budgets, every, deadlineMs } = options;
  const asks = readConversations(folder, set)
    .flatMap(asksOf)
    .filter(({ evidence }, at) => evidence.length > 0 && at % every === 0);
  const tallies = peers.map(() => budgets.map((): Tally => ({ share: 0, over: 0, worst: 0 })));
  const startedAt = performance.now();
  let asked = 0;
  for (const ask of asks) {
    if (performance.now() - startedAt > deadlineMs) break;
    asked += 1;
    for (const [row, peer] of peers.entries()) {
      const prepared = peer.prepare(ask.history);
      for (const [column, budget] of budgets.entries()) {
        const tally = tallies[row]?.[column];
        if (tally !== undefined) await examine(prepared, ask, budget, tally);
      }
    }
  }
  return {
    title: `Trim: evidence kept, ${set}`,
    about: `${asked} of ${asks.length} questions: the share of the messages that hold the answer which are still there word for word, in percent, by budget in tokens; and how many results were over the budget, by contents.`,
    columns: ['', ...budgets.map(String), 'over the budget', 'by at most'],
    rows: peers.map(({ name }, row) => [name, ...cellsOf(tallies[row] ?? [], asked)]),
  };
}

async function examine(
  prepared: Prepared,
  { history, evidence }: Ask,
  budget: number,
  tally: Tally,
): Promise<void> {
  const kept = await prepared.trim(budget);
  if (kept === 'refused') return;
  // What is left of a message that was shortened is not the message.
  const whole = kept.filter(({ place, message }) => message.content === history[place]?.message.content);
  const places = new Set(whole.map(({ place }) => place));
  tally.share += evidence.filter((place) => places.has(place)).length / evidence.length;
  const excess = tokensOfAll(kept) / budget - 1;
  if (excess > 0) tally.over += 1;
  tally.worst = Math.max(tally.worst, excess);
}

function cellsOf(tallies: readonly Tally[], asked: number): string[] {
  const over = tallies.reduce((sum, tally) => sum + tally.over, 0);
  const worst = Math.max(0, ...tallies.map((tally) => tally.worst));
  return [
    ...tallies.map(({ share }) => ((100 * share) / asked).toFixed(1)),
    `${over} of ${asked * tallies.length}`,
    over === 0 ? '–' : `${(100 * worst).toFixed(1)} %`,
  ];
}

/** Each question is the last user message of its conversation. */
function asksOf({ messages, questions }: Conversation): Ask[] {
  const said = messages.map(({ role, name, content }): Message => {
    const base = { content, ...(name === undefined ? {} : { name }) };
    return role === 'assistant' ? { role, ...base } : { role: 'user', ...base };
  });
  const places = new Map(messages.map(({ id }, place) => [id, place]));
  const before = said.map((message, place) => ({ place, message }));
  return questions.map(({ question, evidence }) => ({
    history: [...before, { place: said.length, message: { role: 'user', content: question } }],
    evidence: evidence.map((id) => places.get(id)).filter((place) => place !== undefined),
  }));
}
