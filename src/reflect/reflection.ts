import { isKatamariError, type ErrorCode } from '../errors.ts';
import type { AnswerReason, ChainEvent, IssueEvent } from '../event.ts';
import type { Generate, RunContext } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import { bestOf, Candidate } from './candidate.ts';
import { interleave } from './interleave.ts';
import { emptyError, Judge } from './judge.ts';
import { Lane } from './lane.ts';
import { PhaseCalls, type PhaseCall } from './phase-calls.ts';
import { PhaseOutput } from './phase-output.ts';
import type { ReflectOptions } from './reflect-options.ts';
import { retold } from './retold.ts';

type Batch = readonly ChainEvent[];

/** The calls of one reflection, streamed, and what they have come to. */
export async function* reflection(
  next: Generate,
  request: ChatRequest,
  context: RunContext,
  options: ReflectOptions,
): AsyncGenerator<Batch> {
  const { req_id, clock, emit } = context;
  const startedAt = clock.now();
  emit({ type: 'step-start', req_id, step: 'reflect' });
  try {
    yield* new Reflection(next, request, context, options).events();
  } finally {
    emit({ type: 'step-end', req_id, step: 'reflect', latency_ms: clock.now() - startedAt });
  }
}

/** Drafts, judges and revises until a text is good, or nothing more may be done; then the best one is the answer. */
class Reflection {
  readonly #next: Generate;
  readonly #context: RunContext;
  readonly #options: ReflectOptions;
  readonly #calls: PhaseCalls;
  readonly #judge: Judge;
  readonly #candidates: Candidate[] = [];
  readonly #failures: unknown[] = [];
  #rounds = 0;
  /** What keeps further calls from being made, if something does. */
  #halt: 'failed' | 'limit' | undefined;
  /** Whether text of a failed final call has been handed out that can't be taken back. */
  #isShown = false;

  constructor(next: Generate, request: ChatRequest, context: RunContext, options: ReflectOptions) {
    this.#next = next;
    this.#context = context;
    this.#options = options;
    this.#calls = new PhaseCalls(request, context, options);
    this.#judge = new Judge(next, { request, context, options, calls: this.#calls });
  }

  async *events(): AsyncGenerator<Batch> {
    yield* this.#drafts();
    if (this.#candidates.length === 0) throw this.#failures[0];
    yield* this.#revisions();
    const answer = this.#answer();
    if (answer.length > 0) yield answer;
  }

  /** All drafts at the same time, each judged as soon as it is written. */
  async *#drafts(): AsyncGenerator<Batch> {
    const { drafts = 1 } = this.#options;
    const lanes = Array.from({ length: drafts }, () => new Lane(this.#context.signal));
    const lose = (winner?: Lane): void => {
      for (const lane of lanes) if (lane !== winner) lane.lose();
    };
    const streams = lanes.map((lane, index) => this.#draft(index, lane, lose));
    try {
      if (streams.length === 1) for (const stream of streams) yield* stream;
      else yield* interleave(streams, lose);
    } finally {
      for (const lane of lanes) lane.release();
    }
  }

  async *#draft(index: number, lane: Lane, win: (winner: Lane) => void): AsyncGenerator<Batch> {
    const { maxRounds = 1, drafts = 1 } = this.#options;
    const call = this.#calls.draft(index, lane.signal);
    let candidate: Candidate;
    try {
      candidate = yield* this.#write('draft', call);
    } catch (error) {
      if (!lane.isLost) this.#note('draft', error);
      return;
    }
    this.#candidates.push(candidate);
    if (candidate.isJudgeable && maxRounds + drafts > 1) yield* this.#judgeDraft(candidate, lane);
    // Nothing that the others may still write is better than this.
    if (candidate.asksForTools || this.#isApproved(candidate) || candidate.score === 1) win(lane);
  }

  async *#judgeDraft(candidate: Candidate, lane: Lane): AsyncGenerator<Batch> {
    const call = this.#calls.critique(candidate, lane.signal);
    try {
      yield* this.#judge.judge(candidate, 1, call);
    } catch (error) {
      if (!lane.isLost) this.#note('critique', error);
    }
  }

  async *#revisions(): AsyncGenerator<Batch> {
    const { maxRounds = 1, verify = false, gates = [] } = this.#options;
    for (let round = 1; round <= maxRounds && this.#halt === undefined; round++) {
      const base = bestOf(this.#candidates);
      // Without a judgement there is nothing to mend, or nobody who could say what.
      if (base?.judgement === undefined || this.#isApproved(base)) return;
      this.#rounds = round;
      const isJudged = round < maxRounds || verify;
      // What may still be replaced is not streamed as the answer.
      const phase = isJudged || gates.length > 0 ? 'revision' : 'final';
      const call = this.#calls.revision(base, phase);
      try {
        const candidate = yield* this.#write(phase, call);
        if (candidate.isEmpty) throw emptyError('final answer');
        this.#candidates.push(candidate);
        if (candidate.isJudgeable && phase === 'revision')
          yield* this.#judgeRevision(base, candidate, isJudged);
      } catch (error) {
        this.#note('final', error);
      }
    }
  }

  async *#judgeRevision(base: Candidate, candidate: Candidate, isJudged: boolean): AsyncGenerator<Batch> {
    const round = this.#rounds + 1;
    const call = this.#calls.critique(candidate, this.#context.signal);
    try {
      if (isJudged) yield* this.#judge.judge(candidate, round, call);
      else await this.#judge.gate(candidate, round, call.context.signal);
    } catch (error) {
      this.#note('critique', error);
    }
    if (candidate.rank < base.rank) {
      this.#tell(
        'regression',
        'info',
        `The revision of round ${this.#rounds} is not better than what it mends; the better text is kept.`,
      );
    }
  }

  /** Makes a call that writes a text. One that a limit of the run cuts off has written what there is of it. */
  async *#write(phase: 'draft' | 'revision' | 'final', call: PhaseCall): AsyncGenerator<Batch, Candidate> {
    const output = new PhaseOutput();
    let held: Batch = [];
    try {
      for await (const batch of this.#next(call.request, call.context)) {
        // It was not the last: a step goes on where the attempt broke off.
        if (held.length > 0) yield held;
        output.add(batch);
        held = phase === 'final' && batch.some(isLastFailure) ? batch : [];
        if (held.length === 0) yield batch;
      }
      if (held.length > 0) yield held;
      return new Candidate(output, phase, true);
    } catch (error) {
      const isLimited = isCode(error, 'limit-reached');
      const isTakenBack =
        phase === 'final' && output.shown && this.#context.retractable && (isLimited || this.#degrades);
      // Another text takes over: what was shown of this attempt is void, and only its end can say so.
      if (held.length > 0) yield isTakenBack ? held.map(supersede) : held;
      this.#isShown = phase === 'final' && output.shown && !isTakenBack;
      if (!isLimited || !output.shown || isTakenBack) throw error;
      this.#halt = 'limit';
      return new Candidate(output, phase, false);
    }
  }

  get #degrades(): boolean {
    return this.#options.onFailure !== 'throw';
  }

  #isApproved({ judgement }: Candidate): boolean {
    return this.#options.approve !== false && judgement?.verdict === 'approve';
  }

  /** A call failed: the best text so far takes over. @throws the error, where none may or can */
  #note(phase: 'draft' | 'critique' | 'final', error: unknown): void {
    if (this.#context.signal.aborted || isCode(error, 'aborted') || this.#isShown) throw error;
    if (isCode(error, 'limit-reached')) {
      this.#halt = 'limit';
      this.#failures.push(error);
      return;
    }
    const { drafts = 1 } = this.#options;
    if (!this.#degrades || (phase === 'draft' && drafts === 1)) throw error;
    if (phase === 'draft') this.#failures.push(error);
    if (this.#rounds > 0) this.#halt ??= 'failed';
    const why = isKatamariError(error) ? error.message : 'A step or provider threw an error of its own.';
    this.#tell(
      `${phase}-failed`,
      'warning',
      `The ${phase} call failed, so the best text without it is the answer. ${why}`,
    );
  }

  #tell(code: string, severity: IssueEvent['severity'], message: string): void {
    const { req_id, emit } = this.#context;
    emit({ type: 'issue', req_id, source: 'reflect', code, severity, message });
  }

  /** Tells which text is the answer, and gives it once more under the labels of the attempt that wrote it, unless it was streamed as such. */
  #answer(): Batch {
    const streamed = this.#candidates.find(({ phase }) => phase === 'final');
    const chosen = streamed ?? bestOf(this.#candidates);
    if (chosen === undefined) return [];
    const { req_id, emit } = this.#context;
    const candidates = this.#candidates.map(({ output, judgement }) => ({
      call: output.call,
      score: judgement?.score ?? null,
    }));
    const { call } = chosen.output;
    const score = chosen.judgement?.score ?? null;
    emit({
      type: 'answer-choice',
      req_id,
      call,
      why: this.#reason(chosen),
      score,
      rounds: this.#rounds,
      candidates,
    });
    return streamed === undefined ? retold(chosen, this.#context) : [];
  }

  #reason(chosen: Candidate): AnswerReason {
    if (this.#isApproved(chosen)) return 'approved';
    if (this.#halt !== undefined) return this.#halt;
    if (!chosen.isJudgeable && chosen.phase !== 'final') return 'not-judged';
    const { maxRounds = 1, drafts = 1 } = this.#options;
    if (chosen.judgement === undefined && chosen.phase === 'draft' && maxRounds + drafts > 1) return 'failed';
    return chosen === this.#candidates.at(-1) && drafts + this.#rounds !== drafts ? 'last' : 'best-score';
  }
}

/** The end of an attempt after which none follows, unless a step goes on from there. */
function isLastFailure(event: ChainEvent): boolean {
  if (event.type !== 'attempt-end') return false;
  return event.finishReason === 'limit' || (event.outcome === 'failed' && event.delayMs === null);
}

function supersede(event: ChainEvent): ChainEvent {
  return event.type === 'attempt-end' ? { ...event, superseded: true } : event;
}

function isCode(error: unknown, code: ErrorCode): boolean {
  return isKatamariError(error) && error.code === code;
}
