import type { FinishReason } from '../../event.ts';
import { textOf, type Message } from '../../message.ts';
import type { Generate, RunContext } from '../../provider.ts';
import type { ChatRequest } from '../../request.ts';
import type { Costs } from '../cost-ledger.ts';
import { withinTime } from '../within-time.ts';
import { checkSummary } from './check-summary.ts';
import { extractSummary } from './extract-summary.ts';
import type { SummaryPlan } from './summary-options.ts';
import { summaryNote, summaryRequest } from './summary-prompt.ts';

/** So much of a conversation is shown at once, in UTF-16 units; a longer one is summarised in steps. */
const CHUNK_LENGTH = 24_000;

/** What a summary is made for. */
export interface SummaryJob {
  readonly request: ChatRequest;
  readonly context: RunContext;
  readonly next: Generate;
  readonly costs: Costs;
  /** How large the summary may be in the prompt, in tokens. */
  readonly maxTokens: number;
}

/** A summary, and how many of the messages it was given are in it. */
export interface Rolled {
  readonly text: string;
  readonly count: number;
}

/**
 * Rolls messages into a running summary, one stretch after the other; each stretch takes effect whole or not at all. Failures never reach
 * the caller: after several in a row nobody is asked for a while.
 */
export class Summarizer {
  readonly #plan: SummaryPlan;
  #failures = 0;
  #pausedUntil = -Infinity;

  constructor(plan: SummaryPlan) {
    this.#plan = plan;
  }

  /** @throws only when the run is aborted */
  async roll(messages: readonly Message[], before: string, job: SummaryJob): Promise<Rolled> {
    const { clock } = job.context;
    const deadline = clock.now() + this.#plan.deadlineMs;
    let rolled: Rolled = { text: before, count: 0 };
    while (rolled.count < messages.length && this.#mayAsk(job.context) && clock.now() < deadline) {
      const chunk = chunkOf(messages, rolled.count);
      const text = await this.#write(chunk, rolled.text, job, deadline - clock.now());
      if (text === undefined) break;
      rolled = { text, count: rolled.count + chunk.length };
    }
    const rest = messages.slice(rolled.count);
    if (rest.length === 0 || this.#plan.fallback === 'none') return rolled;
    const empty = job.costs.message(summaryNote(''));
    const count = (line: string): number => job.costs.message(summaryNote(line)) - empty + 1;
    const text = extractSummary(rest, rolled.text, { maxTokens: job.maxTokens - empty - 2, count });
    return { text, count: messages.length };
  }

  #mayAsk({ clock, provider }: RunContext): boolean {
    return (this.#plan.provider ?? provider).isLanguageModel && clock.now() >= this.#pausedUntil;
  }

  /** The summary of one stretch; `undefined` where it failed or will not do. */
  async #write(
    chunk: readonly Message[],
    before: string,
    job: SummaryJob,
    ms: number,
  ): Promise<string | undefined> {
    const { context, costs, maxTokens } = job;
    const controller = new AbortController();
    const signal = AbortSignal.any([context.signal, controller.signal]);
    try {
      const work = ask(
        this.#requestFor(chunk, before, job),
        { ...this.#contextFor(context), signal },
        job.next,
      );
      const answer = await withinTime(work, ms, context);
      if (answer === undefined) return this.#fail(context, 'late');
      const text = answer.text.trim();
      const fault = checkSummary({
        text,
        finishReason: answer.finishReason,
        tokens: costs.message(summaryNote(text)),
        maxTokens,
        replacedTokens: [...chunk, summaryNote(before)].reduce(
          (sum, message) => sum + costs.message(message),
          0,
        ),
        replaced: [before, ...chunk.map(textOf)].join('\n'),
        minRetention: this.#plan.minRetention,
      });
      if (fault !== undefined) return this.#fail(context, fault);
      this.#failures = 0;
      return text;
    } catch {
      context.signal.throwIfAborted();
      return this.#fail(context, 'failed');
    } finally {
      controller.abort();
    }
  }

  #requestFor(chunk: readonly Message[], before: string, { request, maxTokens }: SummaryJob): ChatRequest {
    const { provider, model = provider === undefined ? request.model : undefined } = this.#plan;
    return { ...summaryRequest(chunk, before, maxTokens), ...(model !== undefined && { model }) };
  }

  #contextFor(context: RunContext): RunContext {
    const { provider = context.provider } = this.#plan;
    return { ...context, provider, phase: 'summary', answer: false, retry: { maxRetries: 0 } };
  }

  #fail({ clock, req_id, emit }: RunContext, why: string): undefined {
    this.#failures += 1;
    if (this.#failures >= this.#plan.maxFailures) {
      this.#pausedUntil = clock.now() + this.#plan.pauseMs;
      this.#failures = 0;
    }
    const message = `A summary of earlier messages was not used (${why}); the conversation goes on without it.`;
    emit({ type: 'issue', req_id, source: 'trim', code: 'summary-failed', severity: 'warning', message });
  }
}

function chunkOf(messages: readonly Message[], start: number): readonly Message[] {
  let [end, length] = [start, 0];
  while (end < messages.length && (end === start || length < CHUNK_LENGTH)) {
    const message = messages[end];
    length += message === undefined ? 0 : textOf(message).length;
    end += 1;
  }
  return messages.slice(start, end);
}

async function ask(
  request: ChatRequest,
  context: RunContext,
  next: Generate,
): Promise<{ text: string; finishReason: FinishReason }> {
  let [text, finishReason]: [string, FinishReason] = ['', 'unknown'];
  for await (const batch of next(request, context)) {
    for (const event of batch) {
      context.emit(event);
      if (event.type === 'token') text += event.text;
      else if (event.type === 'attempt-end') finishReason = event.finishReason;
    }
  }
  return { text, finishReason };
}
