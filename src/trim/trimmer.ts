import type { Generate, RunContext } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import type { TrimArchive } from './archive.ts';
import { recall, remember, type ConversationMemory, type PhaseMemory } from './conversation-memory.ts';
import type { Costs } from './cost-ledger.ts';
import { CostsByModel } from './costs-by-model.ts';
import { costsOf, loadCosts, type AnyCounter } from './costs-of.ts';
import { MessageHashes } from './message-hashes.ts';
import { UnitIndex } from './relevant/unit-index.ts';
import { FactBook } from './retention/fact-retention.ts';
import { SemanticMeter, type Embedder } from './retention/semantic-retention.ts';
import { runTrim, type KeepChoice } from './run-trim.ts';
import { prefixTokens, sentPrompt } from './sent-prefix.ts';
import { cutOf, keepCut, type StableCut } from './stable-cut.ts';
import { Summarizer } from './summary/summarizer.ts';
import { planSummary, type SummaryOptions } from './summary/summary-options.ts';
import { trimWithSummary, type RunningSummary } from './summary/trim-with-summary.ts';
import { tellTrim, type TrimFigures } from './tell-trim.ts';
import type { TrimPlan } from './trim-options.ts';
import type { TrimResult } from './trim-report.ts';
import { withinTime } from './within-time.ts';

/** How long the measuring of `semantic_retention` may take, in milliseconds. */
const MEASURE_MS = 10_000;

/** An archive, or what gives the archive of a conversation. */
export type ArchiveSource = TrimArchive | ((context: RunContext) => TrimArchive | undefined);

/** What a trimmer is made of. */
export interface TrimmerOptions {
  readonly plan: TrimPlan;
  readonly counter?: AnyCounter | undefined;
  readonly embedder?: Embedder | undefined;
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
  readonly #meter: SemanticMeter | undefined;
  readonly #summarizer: { readonly summarizer: Summarizer; readonly maxTokens: number } | undefined;
  readonly #archive: ArchiveSource | undefined;
  readonly #facts = new FactBook();
  readonly #hashes = new MessageHashes();
  /** One index per conversation, for as long as its state lives. */
  readonly #indexes = new WeakMap<RunContext['state'], UnitIndex>();

  constructor({ plan, counter, embedder, archive, summary = {} }: TrimmerOptions) {
    this.#plan = plan;
    this.#archive = archive;
    this.#own = counter === undefined ? undefined : costsOf(counter);
    this.#meter = embedder === undefined ? undefined : new SemanticMeter(embedder);
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
    if (!(costs instanceof Promise)) return this.#trim({ request, context, next, costs, startedAt });
    return costs.then((loaded) => this.#trim({ request, context, next, costs: loaded, startedAt }));
  }

  #trim(call: TrimCall): ChatRequest | Promise<ChatRequest> {
    const { request, context, costs } = call;
    context.signal.throwIfAborted();
    const memory = recall(context);
    const cut = memory.phases[context.phase]?.cut;
    const stable: KeepChoice | undefined = cut && ((task) => keepCut(task, cut, this.#hashes));
    const means = { costs, facts: this.#facts, index: this.#indexOf(context), query: context.query };
    if (this.#summarizer === undefined) {
      return this.#finish(call, memory, runTrim(request, this.#plan, means, stable), memory.summary);
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

  #finish(
    call: TrimCall,
    memory: ConversationMemory,
    result: TrimResult,
    summary: RunningSummary | undefined,
  ): ChatRequest | Promise<ChatRequest> {
    const { request, context, costs, startedAt } = call;
    const trimmed = result.changed ? { ...request, messages: result.messages } : request;
    const before = memory.phases[context.phase];
    const prefix = prefixTokens(trimmed, before?.sent, { costs, hashes: this.#hashes });
    const cut = this.#cutAfter(request, result, before);
    remember(context, { ...(cut && { cut }), sent: sentPrompt(trimmed, this.#hashes) }, summary);
    if (result.changed) void this.#store(request, result, context);
    const figures = { startedAt, ...(prefix !== undefined && { cache_prefix_tokens: prefix }) };
    if (this.#meter === undefined) {
      tellTrim(result, context, figures);
      return trimmed;
    }
    return this.#measure(this.#meter, request, trimmed, context).then((measured) => {
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

  #indexOf({ state }: RunContext): UnitIndex {
    const index = this.#indexes.get(state) ?? new UnitIndex();
    this.#indexes.set(state, index);
    return index;
  }

  async #store({ messages }: ChatRequest, { report }: TrimResult, context: RunContext): Promise<void> {
    try {
      const archive = typeof this.#archive === 'function' ? this.#archive(context) : this.#archive;
      await archive?.store(messages.filter((_, index) => report.messages[index]?.fate === 'dropped'));
    } catch {
      warn(context, 'archive-failed', 'The archive failed; what the trim left out is not stored.');
    }
  }

  async #measure(
    meter: SemanticMeter,
    request: ChatRequest,
    trimmed: ChatRequest,
    context: RunContext,
  ): Promise<Partial<TrimFigures>> {
    try {
      const work = meter.retention(request.messages, trimmed.messages);
      const retention = await withinTime(work, MEASURE_MS, context);
      if (retention === undefined)
        warn(context, 'embedder-failed', 'The embedder is late; semantic_retention is not measured.');
      return typeof retention === 'number'
        ? { semantic_retention: retention, retention_method: meter.method }
        : {};
    } catch {
      context.signal.throwIfAborted();
      warn(context, 'embedder-failed', 'The embedder failed; semantic_retention is not measured.');
      return {};
    }
  }
}

function warn({ req_id, emit }: RunContext, code: string, message: string): void {
  emit({ type: 'issue', req_id, source: 'trim', code, severity: 'warning', message });
}
