import type { Message } from '../../message.ts';
import type { Generate, RunContext } from '../../provider.ts';
import type { ChatRequest } from '../../request.ts';
import { measureFacts } from '../measure-facts.ts';
import type { MessageHashes } from '../message-hashes.ts';
import { reportOf } from '../report-of.ts';
import { choose, refuseLoss, taskOf, type KeepChoice } from '../run-trim.ts';
import type { TrimPlan } from '../trim-options.ts';
import type { TrimResult } from '../trim-report.ts';
import type { Choice, TrimMeans, TrimTask } from '../trim-task.ts';
import type { Summarizer } from './summarizer.ts';
import { summaryNote } from './summary-prompt.ts';

/** What earlier trims of a conversation rolled into a text. Plain JSON. */
export interface RunningSummary {
  /** How many messages at the beginning it goes over, system messages not counted; those of them that are kept are not in it. */
  readonly count: number;
  /** Their fingerprint. */
  readonly hash: string;
  readonly text: string;
}

/** What a trim with a summary works with. */
export interface SummaryWork {
  readonly plan: TrimPlan;
  readonly means: TrimMeans;
  readonly hashes: MessageHashes;
  readonly stable: KeepChoice | undefined;
  readonly running: RunningSummary | undefined;
  readonly summarizer: Summarizer;
  readonly maxTokens: number;
  readonly context: RunContext;
  readonly next: Generate;
}

/** The smallest note that is worth its place, in tokens. */
const LEAST_TOKENS = 48;

/**
 * Keeps the newest turns, and rolls what goes before them into a running summary. Without a usable summary the history is trimmed all the
 * same, as `recent` does.
 *
 * @throws BudgetImpossibleError when what must stay is over the budget
 */
export async function trimWithSummary(
  request: ChatRequest,
  work: SummaryWork,
): Promise<{ result: TrimResult; running: RunningSummary | undefined }> {
  const { plan, means, stable, maxTokens } = work;
  const task = taskOf(request, plan, means);
  const said = Array.from(request.messages.keys()).filter(
    (index) => request.messages[index]?.role !== 'system',
  );
  const running = isOf(task, said, work) ? work.running : undefined;
  if (task.ledger.fits(task.budget)) return { result: reportOf(task, undefined, () => null), running };
  const noteCost = running === undefined ? 0 : means.costs.message(summaryNote(running.text));
  const kept = stable?.(task);
  const fits = kept !== undefined && kept.tokens + noteCost <= task.budget;
  const choice = fits ? kept : choose(task, task.budget * plan.lowWater - maxTokens);
  const room = Math.min(maxTokens, task.budget - choice.tokens);
  const dropped = said.flatMap((index, ordinal) => (choice.why[index] === undefined ? [ordinal] : []));
  const rolled = room < LEAST_TOKENS ? running : await roll({ request, work, said, dropped, room, running });
  const marked = withNote(task, choice, rolled, room);
  const count = rolled?.count ?? 0;
  const covered = new Set(
    marked === choice ? [] : dropped.filter((ordinal) => ordinal < count).map((ordinal) => said[ordinal]),
  );
  const droppedWhy = (index: number): string | undefined => (covered.has(index) ? 'summary' : undefined);
  const facts = measureFacts(task, marked);
  refuseLoss(plan, facts);
  const result = reportOf(task, { ...marked, droppedWhy }, facts);
  return { result, running: rolled };
}

function isOf({ messages }: TrimTask, said: readonly number[], { running, hashes }: SummaryWork): boolean {
  if (running === undefined || said.length < running.count) return false;
  const gone = said.slice(0, running.count).flatMap((index) => messages[index] ?? []);
  return hashes.of(gone, gone.length) === running.hash;
}

async function roll(job: {
  request: ChatRequest;
  work: SummaryWork;
  said: readonly number[];
  dropped: readonly number[];
  room: number;
  running: RunningSummary | undefined;
}): Promise<RunningSummary | undefined> {
  const { request, work, said, dropped, room, running } = job;
  const pending = dropped.filter((ordinal) => ordinal >= (running?.count ?? 0));
  if (pending.length === 0) return running;
  const messageAt = (ordinal: number): Message[] =>
    request.messages.slice(said[ordinal], (said[ordinal] ?? 0) + 1);
  const { context, next, means, summarizer, hashes } = work;
  const asked = { request, context, next, costs: means.costs, maxTokens: room };
  const { text, count } = await summarizer.roll(pending.flatMap(messageAt), running?.text ?? '', asked);
  if (count === 0) return running;
  const covered = (pending[count - 1] ?? -1) + 1;
  const gone = Array.from({ length: covered }, (_, ordinal) => messageAt(ordinal)).flat();
  return { count: covered, hash: hashes.of(gone, gone.length), text };
}

/** The choice with the summary where the first message is left out; the choice itself where there is no summary or no room for it. */
function withNote(
  { means }: TrimTask,
  choice: Choice,
  running: RunningSummary | undefined,
  room: number,
): Choice {
  if (running === undefined || running.text === '') return choice;
  const note = summaryNote(running.text);
  const cost = means.costs.message(note);
  const first = choice.why.indexOf(undefined);
  if (cost > room || first === -1) return choice;
  const before = choice.why.slice(0, first).filter((why) => why !== undefined).length;
  const marked = choice.messages.toSpliced(before, 0, note);
  return { ...choice, messages: marked, tokens: choice.tokens + cost };
}
