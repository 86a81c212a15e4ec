import type { RunContext } from '../provider.ts';
import { CalibratedCounter, type CalibrationState } from '../tokens/calibrated-counter.ts';
import { claudeVersion } from '../tokens/claude-version.ts';
import { recall, rememberCalibration } from './conversation-memory.ts';
import { CorrectedCosts } from './corrected-costs.ts';
import type { Costs } from './cost-ledger.ts';
import { estimate } from './costs-of.ts';

/**
 * Corrects the estimate of tokens, for models without a public tokenizer, by what their providers bill. What a conversation has learnt is
 * kept in its state; a new one begins with what the step has learnt from all.
 */
export class Calibration {
  readonly #all = new Map<string, CalibratedCounter>();

  /** The sizes of one call's trim. */
  corrected(costs: Costs, model: string, context: RunContext): CorrectedCosts {
    const { factor, errorBound } = this.#of(model, context);
    return new CorrectedCosts(costs, { factor, error: errorBound });
  }

  /** A context whose attempts are learnt from. @param costs - the uncorrected estimate */
  learning(context: RunContext, model: string, costs: Costs): RunContext {
    return {
      ...context,
      settled: (end, sent) => {
        context.settled?.(end, sent);
        // A fallback may have asked another model: what that bills says nothing of this one's tokens.
        if (end.usage !== null && sent.model === model)
          this.#learn(context, model, { estimated: costs.request(sent.request), actual: end.usage.token_in });
      },
    };
  }

  #learn(
    context: RunContext,
    model: string,
    { estimated, actual }: { estimated: number; actual: number },
  ): void {
    const own = this.#of(model, context);
    own.learn(estimated, actual);
    rememberCalibration(context, own.toJSON());
    const all = this.#all.get(model) ?? firstCounter(model);
    all.learn(estimated, actual);
    this.#all.set(model, all);
  }

  /** What the conversation knows, a copy. */
  #of(model: string, context: RunContext): CalibratedCounter {
    const stored = recall(context).calibrations?.[model] ?? this.#all.get(model)?.toJSON();
    return counterFrom(model, stored);
  }
}

/** A state that was stored and is no longer whole is as good as none. */
function counterFrom(model: string, stored: CalibrationState | undefined): CalibratedCounter {
  try {
    return stored === undefined ? firstCounter(model) : new CalibratedCounter(estimate, model, stored);
  } catch {
    return firstCounter(model);
  }
}

/**
 * Claude from Opus 4.7 on makes about 30 % more tokens of a text than the models before it ("Models overview": 1M tokens are about 555,000 words, and
 * were 750,000): https://platform.claude.com/docs/en/about-claude/models/overview
 */
const NEW_CLAUDE = 1.3;

/** What is known of a model before it has billed anything. */
function firstCounter(model: string): CalibratedCounter {
  const plain = new CalibratedCounter(estimate, model);
  if (claudeVersion(model)?.isNew !== true) return plain;
  return new CalibratedCounter(estimate, model, { ...plain.toJSON(), factor: NEW_CLAUDE });
}
