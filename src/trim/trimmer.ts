import type { Generate, RunContext } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import { accountPrompt } from './account-prompt.ts';
import type { TrimArchive } from './archive.ts';
import { Calibration } from './calibration.ts';
import { recall, remember, type ConversationMemory, type PhaseMemory } from './conversation-memory.ts';
import { CorrectedCosts } from './corrected-costs.ts';
import type { Costs } from './cost-ledger.ts';
import { CostsByModel } from './costs-by-model.ts';
import { costsOf, loadCosts, type AnyCounter } from './costs-of.ts';
import type { Embedder } from './embedder.ts';
import { HistoryIndex } from './history-index.ts';
import { Meaning } from './meaning.ts';
import { MessageHashes } from './message-hashes.ts';
import { FactBook } from './retention/fact-retention.ts';
import { runTrim, taskOf, type KeepChoice } from './run-trim.ts';
import { cutOf, keepCut, type StableCut } from './stable-cut.ts';
import { Summarizer } from './summary/summarizer.ts';
import { planSummary, type SummaryOptions } from './summary/summary-options.ts';
import { trimWithSummary, type RunningSummary } from './summary/trim-with-summary.ts';
import { tellTrim, warn } from './tell-trim.ts';
import type { TrimPlan } from './trim-options.ts';
import type { TrimResult } from './trim-report.ts';
import type { Nearness, TrimMeans } from './trim-task.ts';

/** An archive, or what gives the archive of a conversation. */
export type ArchiveSource = TrimArchive | ((context: RunContext) => TrimArchive | undefined);

/** What a trimmer is made of. */
export interface TrimmerOptions {
  readonly plan: TrimPlan;
  readonly counter?: AnyCounter | undefined;
  readonly embedder?: Embedder | undefined;
  /** @defaultValue true */
  readonly rankWithEmbedder?: boolean | undefined;
  readonly archive?: ArchiveSource | undefined;
  /** @defaultValue the defaults, where the strategy is `summary` */
  readonly summary?: SummaryOptions | undefined;
}

/** One call that is to be trimmed. */
interface TrimCall {
  readonly request: ChatRequest;
  readonly context: RunContext;
  readonly next: Generate;
  readonly costs: Costs;
  /** On the run's clock, in milliseconds. */
  readonly startedAt: number;
}

/** The trim step at work: trims requests, remembers conversations, measures and tells. */
export class Trimmer {
  readonly #plan: TrimPlan;
  readonly #counters = new CostsByModel(loadCosts);
  readonly #own: Costs | undefined;
  readonly #calibration = new Calibration();
  readonly #meaning: Meaning | undefined;
  readonly #ranks: boolean;
  readonly #summarizer: { readonly summarizer: Summarizer; readonly maxTokens: number } | undefined;
  readonly #archive: ArchiveSource | undefined;
  readonly #facts = new FactBook();
  readonly #hashes = new MessageHashes();
  /** One index per conversation that was trimmed, for as long as its state lives: a history that fits is soon read again. */
  readonly #indexes = new WeakMap<RunContext['state'], HistoryIndex>();

  constructor({ plan, counter, embedder, rankWithEmbedder = true, archive, summary = {} }: TrimmerOptions) {
    this.#plan = plan;
    this.#archive = archive;
    this.#own = counter === undefined ? undefined : costsOf(counter);
    this.#meaning = embedder === undefined ? undefined : new Meaning(embedder);
    this.#ranks = rankWithEmbedder && (plan.strategy === 'relevant' || plan.strategy === 'extract');
    const written = planSummary(summary, plan.targetTokens);
    this.#summarizer =
      plan.strategy === 'summary'
        ? { summarizer: new Summarizer(written), maxTokens: written.maxTokens }
        : undefined;
  }

  /** Waits only where a table has to be loaded, or an embedder or a summary's author to be asked. */
  trim(request: ChatRequest, context: RunContext, next: Generate): ChatRequest | Promise<ChatRequest> {
    const startedAt = context.clock.now();
    const costs = this.#own ?? this.#counters.get(request.model ?? context.provider.model);
    if (!(costs instanceof Promise)) return this.#count({ request, context, next, costs, startedAt });
    return costs.then((loaded) => this.#count({ request, context, next, costs: loaded, startedAt }));
  }

  /** The context of a trimmed call: what it is billed corrects the estimate. The same one where tokens are counted exactly. */
  learning(request: ChatRequest, context: RunContext): RunContext {
    const model = request.model ?? context.provider.model;
    const costs = this.#own ?? this.#counters.get(model);
    if (costs === this.#own || costs instanceof Promise || costs.exact) return context;
    return this.#calibration.learning(context, model, costs);
  }

  #count(call: TrimCall): ChatRequest | Promise<ChatRequest> {
    const { request, context, costs } = call;
    if (costs === this.#own || costs.exact) return this.#trim(call);
    const model = request.model ?? context.provider.model;
    return this.#trim({ ...call, costs: this.#calibration.corrected(costs, model, context) });
  }

  #trim(call: TrimCall): ChatRequest | Promise<ChatRequest> {
    const { request, context, costs } = call;
    context.signal.throwIfAborted();
    const memory = recall(context);
    const cut = memory.phases[context.phase]?.cut;
    const stable: KeepChoice | undefined = cut && ((task) => keepCut(task, cut, this.#hashes));
    const means = {
      costs,
      caution: costs instanceof CorrectedCosts ? costs.error : 0,
      facts: this.#facts,
      // A summary is waited for, and what is shared would change under it.
      index:
        this.#summarizer === undefined ? (this.#indexes.get(context.state) ?? new HistoryIndex()) : undefined,
      query: context.query,
    };
    if (this.#summarizer === undefined) {
      const finish = (nearness?: Nearness): ChatRequest | Promise<ChatRequest> => {
        const result = runTrim(request, this.#plan, { ...means, nearness }, stable);
        if (result.changed && means.index !== undefined) this.#indexes.set(context.state, means.index);
        return this.#finish(call, memory, result, memory.summary);
      };
      const asking = this.#nearness(call, means);
      return asking === undefined ? finish() : asking.then(finish);
    }
    const { maxTokens, summarizer } = this.#summarizer;
    const work = {
      plan: this.#plan,
      means,
      hashes: this.#hashes,
      stable,
      running: memory.summary,
      summarizer,
      maxTokens,
    };
    return trimWithSummary(request, { ...work, context, next: call.next }).then(({ result, running }) =>
      this.#finish(call, memory, result, running),
    );
  }

  /** What the embedder says of the messages; `undefined` where nobody needs to be asked. */
  #nearness({ request, context }: TrimCall, means: TrimMeans): Promise<Nearness | undefined> | undefined {
    if (this.#meaning === undefined || !this.#ranks) return undefined;
    const { ledger, query, budget } = taskOf(request, this.#plan, means);
    if (ledger.fits(budget)) return undefined;
    return this.#meaning.nearness(query, request.messages, context);
  }

  #finish(
    call: TrimCall,
    memory: ConversationMemory,
    result: TrimResult,
    summary: RunningSummary | undefined,
  ): ChatRequest | Promise<ChatRequest> {
    const { request, context, costs, startedAt } = call;
    const trimmed = result.changed ? { ...request, messages: result.messages } : request;
    const before = memory.phases[context.phase];
    const cut = this.#cutAfter(request, result, before);
    const prompt = { request, trimmed, report: result.report, costs, context, hashes: this.#hashes };
    const account = accountPrompt(prompt, before);
    remember(context, { ...(cut && { cut }), ...account.memory }, summary);
    if (result.changed) void this.#store(request, result, context);
    const figures = {
      startedAt,
      ...account.figures,
      ...(costs instanceof CorrectedCosts && { count_error: costs.error }),
    };
    if (this.#meaning === undefined) {
      tellTrim(result, context, figures);
      return trimmed;
    }
    return this.#meaning.measure(request.messages, trimmed.messages, context).then((measured) => {
      tellTrim(result, context, { ...figures, ...measured });
      return trimmed;
    });
  }

  #cutAfter(
    { messages }: ChatRequest,
    { changed, report }: TrimResult,
    before: PhaseMemory | undefined,
  ): StableCut | undefined {
    if (report.messages.some(({ why }) => why === 'stable')) return before?.cut;
    return changed && this.#plan.lowWater < 1 ? cutOf(messages, report.messages, this.#hashes) : undefined;
  }

  async #store({ messages }: ChatRequest, { report }: TrimResult, context: RunContext): Promise<void> {
    try {
      const archive = typeof this.#archive === 'function' ? this.#archive(context) : this.#archive;
      await archive?.store(messages.filter((_, index) => report.messages[index]?.fate !== 'kept'));
    } catch {
      warn(context, 'archive-failed', 'The archive failed; what the trim left out is not stored.');
    }
  }
}
