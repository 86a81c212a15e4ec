import { isKatamariError, ProviderError } from '../errors.ts';
import type { ChainEvent, CritiqueIssue } from '../event.ts';
import type { Generate, RunContext } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import type { Score, Scorer } from '../scorer.ts';
import type { Candidate } from './candidate.ts';
import { checkQuotes } from './check-quotes.ts';
import type { PhaseCall, PhaseCalls } from './phase-calls.ts';
import { PhaseOutput } from './phase-output.ts';
import { readBySchema, type CritiqueReading } from './read-by-schema.ts';
import { readCritique } from './read-critique.ts';
import type { CritiqueSettings, ReflectOptions } from './reflect-options.ts';

type Batch = readonly ChainEvent[];

/** What one critic said; `call` is `null` where it is no model. */
interface Said {
  readonly verdict: 'approve' | 'revise';
  readonly score: number | null;
  readonly issues: readonly CritiqueIssue[];
  readonly call: number | null;
}

/** Judges texts: by gates and scorers where there are any, else by a model, whose critique is asked for again when it can't be read. */
export class Judge {
  readonly #next: Generate;
  readonly #request: ChatRequest;
  readonly #context: RunContext;
  readonly #calls: PhaseCalls;
  readonly #gates: readonly Scorer[];
  readonly #settings: CritiqueSettings;

  constructor(
    next: Generate,
    plan: { request: ChatRequest; context: RunContext; calls: PhaseCalls; options: ReflectOptions },
  ) {
    this.#next = next;
    this.#request = plan.request;
    this.#context = plan.context;
    this.#calls = plan.calls;
    this.#gates = plan.options.gates ?? [];
    this.#settings = plan.options.critique ?? {};
  }

  /** Only the gates, for a text that nobody criticises. */
  async gate(candidate: Candidate, round: number, signal: AbortSignal): Promise<void> {
    if (this.#gates.length === 0) return;
    const said = verdictOf(await this.#scores(this.#gates, candidate, signal));
    candidate.passes = said.verdict === 'approve';
    this.#tell(candidate, round, { ...said, score: null, issues: checkQuotes(said.issues, candidate.text) });
  }

  /** @throws what the critic's call throws; ProviderError code `empty-response` for a critique that is empty or refused */
  async *judge(candidate: Candidate, round: number, call: PhaseCall): AsyncGenerator<Batch> {
    const { signal } = call.context;
    const gated = verdictOf(await this.#scores(this.#gates, candidate, signal));
    const { scorers = [] } = this.#settings;
    const said =
      scorers.length > 0
        ? verdictOf(await this.#scores(scorers, candidate, signal))
        : yield* this.#criticise(candidate, call);
    const passes = gated.verdict === 'approve';
    // A text that fails a gate is not approved, whatever its critic says.
    const verdict = passes ? said.verdict : 'revise';
    const issues = checkQuotes([...gated.issues, ...said.issues], candidate.text);
    candidate.passes = passes;
    candidate.judgement = { verdict, score: said.score, issues };
    this.#tell(candidate, round, { ...said, verdict, issues });
  }

  #tell(candidate: Candidate, round: number, { call, verdict, score, issues }: Said): void {
    const { req_id, emit } = this.#context;
    const judged = candidate.output.call;
    emit({ type: 'critique', req_id, call, judged, round, verdict, score, issues });
  }

  #scores(scorers: readonly Scorer[], { text }: Candidate, signal: AbortSignal): Promise<Score[]> {
    return Promise.all(scorers.map((scorer) => scorer.score({ text, request: this.#request, signal })));
  }

  async *#criticise(candidate: Candidate, call: PhaseCall): AsyncGenerator<Batch, Said> {
    const { signal } = call.context;
    const first = yield* this.#write(call);
    let output = first;
    let reading = await this.#read(first.text, candidate);
    for (let left = this.#settings.repairs ?? 1; left > 0 && !reading.critique.isReadable; left--) {
      const again = this.#calls.repair(candidate, output.text, reading.fault, signal);
      try {
        output = yield* this.#write(again);
      } catch (error) {
        // What was said at first still stands, as far as it goes.
        if (signal.aborted || !isKatamariError(error)) throw error;
        break;
      }
      reading = await this.#read(output.text, candidate);
    }
    if (!reading.critique.isReadable) this.#tellUnreadable();
    const { verdict, score, issues } = reading.critique;
    return { verdict, score, issues, call: output.call };
  }

  async *#write({ request, context }: PhaseCall): AsyncGenerator<Batch, PhaseOutput> {
    const output = new PhaseOutput();
    for await (const batch of this.#next(request, context)) {
      output.add(batch);
      yield batch;
    }
    const { finishReason } = output;
    if (output.text.trim() === '' || finishReason === 'content-filter' || finishReason === 'refusal') {
      throw emptyError('critique');
    }
    return output;
  }

  async #read(critique: string, { text }: Candidate): Promise<CritiqueReading> {
    const { schema } = this.#settings;
    return schema === undefined
      ? { critique: readCritique(critique, text) }
      : readBySchema(critique, text, schema);
  }

  #tellUnreadable(): void {
    const { req_id, emit } = this.#context;
    const message =
      'The critique is not of the form that was asked for; its text is taken as one wish to revise.';
    emit({
      type: 'issue',
      req_id,
      source: 'reflect',
      code: 'critique-unreadable',
      severity: 'info',
      message,
    });
  }
}

/** Approved where all pass; the score is their mean. */
function verdictOf(scores: readonly Score[]): Said {
  const failed = scores.filter(({ pass }) => !pass);
  const issues = failed.flatMap(({ name, details: { problems } }): CritiqueIssue[] =>
    problems.length === 0
      ? [{ severity: 'major', problem: `Fails the check «${name}».` }]
      : problems.map(({ problem, quote }) => ({
          severity: 'major',
          ...(quote !== undefined && { quote }),
          problem,
        })),
  );
  const sum = scores.reduce((total, { score }) => total + score, 0);
  return {
    verdict: failed.length === 0 ? 'approve' : 'revise',
    score: scores.length === 0 ? null : sum / scores.length,
    issues,
    call: null,
  };
}

/** A model that had nothing to say. */
export function emptyError(what: string): ProviderError {
  return new ProviderError(
    'empty-response',
    `The model wrote no ${what}. Try another model or raise maxOutputTokens.`,
  );
}
