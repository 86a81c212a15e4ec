import { rewriteStep } from '../rewrite-step.ts';
import type { Step } from '../step.ts';
import type { AnyCounter } from './costs-of.ts';
import type { Embedder } from './embedder.ts';
import { planSummary, type SummaryOptions } from './summary/summary-options.ts';
import { planTrim, type TrimOptions } from './trim-options.ts';
import type { ArchiveSource, Trimmer } from './trimmer.ts';

/** Options of {@link trim}. */
export interface TrimStepOptions extends TrimOptions {
  /** Counts tokens. @defaultValue the tokenizer of the model that is asked, loaded at the first call; an estimate where it has no public one */
  readonly counter?: AnyCounter;
  /**
   * Has a say in the ranking (see `rankWithEmbedder`) and measures `semantic_retention`; a call waits for either ten seconds at most. When it
   * fails or is late, an `issue` says so, and it is not asked for a minute. @defaultValue words alone decide, and nothing is measured
   */
  readonly embedder?: Embedder;
  /**
   * Whether `relevant` and `extract` rank by meaning too, 0.45 to 0.55 of the words, where the embedder knows the query's language.
   * @defaultValue true
   */
  readonly rankWithEmbedder?: boolean;
  /**
   * Takes what is left out, so that it can be found again; a function gives the archive of the conversation whose state it is handed. The
   * call does not wait for it. @defaultValue nothing is stored
   */
  readonly archive?: ArchiveSource;
  /** How the strategy `summary` makes its summaries. */
  readonly summary?: SummaryOptions;
}

/**
 * A step that brings the history of every model call inside a budget, the critique's and the final's too. It tells what became of every
 * message (`history-trim`) and the figures (`metrics`, scope `trim`), and stays off the path of the tokens.
 *
 * @example chain.use(trim({ targetTokens: 4096 }))
 * @throws KatamariError code `invalid-input` when an option will not do; the run throws a BudgetImpossibleError when what must stay is
 * over the budget
 */
export function trim(options: TrimStepOptions): Step {
  const { counter, embedder, rankWithEmbedder, archive, summary, ...choices } = options;
  const plan = planTrim(choices);
  // Wrong options are told here, not at the first call.
  planSummary(summary ?? {}, plan.targetTokens);
  const load = lazily(async () => {
    const { Trimmer } = await import('./trimmer.ts');
    return new Trimmer({ plan, counter, embedder, rankWithEmbedder, archive, summary });
  });
  const step = {
    name: 'trim',
    stage: 'call' as const,
    labels: { trim: typeof plan.strategy === 'function' ? 'custom' : plan.strategy },
  };
  return {
    ...step,
    wrap: (next) =>
      rewriteStep({
        ...step,
        rewrite(request, context) {
          const trimmer = load();
          if (!(trimmer instanceof Promise)) return trimmer.trim(request, context, next);
          return trimmer.then((loaded) => loaded.trim(request, context, next));
        },
      }).wrap((request, context) => {
        const trimmer = load();
        return next(request, trimmer instanceof Promise ? context : trimmer.learning(request, context));
      }),
  };
}

/** The machinery is ten times the size of the rest of a chain, so it comes with the first call; from then on nothing is waited for. */
function lazily(load: () => Promise<Trimmer>): () => Trimmer | Promise<Trimmer> {
  let loading: Promise<Trimmer> | undefined;
  let loaded: Trimmer | undefined;
  return () => loaded ?? (loading ??= load().then((trimmer) => (loaded = trimmer)));
}
