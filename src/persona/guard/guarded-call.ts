import type {
  AttemptEndEvent,
  AttemptLabels,
  ChainEvent,
  ReasoningEvent,
  TokenEvent,
  ToolCallEvent,
} from '../../event.ts';
import type { RunContext } from '../../provider.ts';
import type { ChatRequest } from '../../request.ts';
import { findingIssue, type Place } from './finding-issue.ts';
import type { ForbidAction, ForbidPlan } from './forbid-options.ts';
import { guardArguments } from './guard-arguments.ts';
import type { Guard } from './guard.ts';
import type { Finding } from './held-text.ts';
import { TextGuard } from './text-guard.ts';

type Batch = readonly ChainEvent[];

/** Told one by one of a call; the rest as a number. */
const MAX_ISSUES = 100;

/** The texts of one attempt. */
interface Texts {
  readonly text: TextGuard;
  readonly reasoning: TextGuard;
  /** The last event of each kind, for the labels of what goes out later. */
  token?: TokenEvent;
  thought?: ReasoningEvent;
}

/** Guards the events of one model call: batches in, batches out. */
export class GuardedCall {
  readonly #guard: Guard;
  readonly #action: ForbidAction;
  readonly #plan: ForbidPlan;
  readonly #isJson: boolean;
  readonly #context: RunContext;
  readonly #attempts = new Map<number, Texts>();
  /** What an attempt has written that broke off and stays: the next one goes on with it. */
  #brokenOff: Texts | undefined;
  #out: ChainEvent[] = [];
  #shown = false;
  #issues = 0;
  /** What ended the call early; only for `stop` and `retry`. */
  finding: Finding | undefined;

  constructor(
    guard: Guard,
    plan: ForbidPlan,
    action: ForbidAction,
    { responseFormat }: ChatRequest,
    context: RunContext,
  ) {
    this.#guard = guard;
    this.#plan = plan;
    this.#action = action;
    this.#isJson = responseFormat !== undefined;
    this.#context = context;
  }

  /** Whether nothing more is to be read. */
  get isOver(): boolean {
    return this.finding !== undefined;
  }

  /** What goes out for what came in: the same batch where there is nothing to change. */
  take(batch: Batch): Batch {
    this.#out = [];
    let same = true;
    for (const event of batch) {
      const before = this.#out.length;
      if (!this.isOver) this.#takeOne(event);
      else if (event.type === 'attempt-end') this.#out.push(this.endedHere(event));
      else if (event.type !== 'token' && event.type !== 'reasoning' && event.type !== 'tool-call')
        this.#out.push(event);
      same &&= this.#out.length === before + 1 && this.#out[before] === event;
    }
    return same ? batch : this.#out;
  }

  /** The end of an attempt that was ended early. */
  endedHere(end: AttemptEndEvent): AttemptEndEvent {
    const { error: _, ...rest } = end;
    const ended = { ...rest, finishReason: 'content-filter', vendorReason: null, retryable: null } as const;
    if (this.#action === 'stop') return { ...ended, outcome: 'completed', delayMs: null, superseded: false };
    const message = 'The answer held what is forbidden, and is asked for once more.';
    return {
      ...ended,
      outcome: 'aborted',
      error: { code: 'content-filter', message },
      delayMs: 0,
      superseded: this.#shown,
    };
  }

  #takeOne(event: ChainEvent): void {
    if (event.type === 'token') this.#token(event);
    else if (event.type === 'reasoning') this.#reasoning(event);
    else if (event.type === 'tool-call') this.#toolCall(event);
    else if (event.type === 'attempt-end') this.#end(event);
    else this.#out.push(event);
  }

  #token(event: TokenEvent): void {
    const texts = this.#textsOf(event);
    if (texts.thought !== undefined) this.#endThought(texts);
    texts.token = event;
    const text = texts.text.push(event.text);
    if (this.#action === 'report') this.#out.push(event);
    else if (text === event.text) this.#show(event);
    else this.#show({ ...event, text });
    this.#afterText(texts, event);
  }

  /** Tells what was found, and ends the call where that is what is to be done. */
  #afterText(texts: Texts, event: TokenEvent): void {
    const { halt } = texts.text;
    if (halt !== undefined) {
      if (this.#mayEnd()) return this.#endCall(halt, 'answer', event);
      this.#show({ ...event, text: texts.text.goOnMasking() });
    }
    this.#tell(texts.text.takeFindings(), 'answer', event);
  }

  #reasoning(event: ReasoningEvent): void {
    if (!this.#plan.reasoning) return void this.#out.push(event);
    const texts = this.#textsOf(event);
    texts.thought = event;
    // A proof closes the thought that it belongs to.
    const closes = event.providerData !== undefined;
    const text = texts.reasoning.push(event.text) + (closes ? texts.reasoning.cut() : '');
    // Of a thought that was changed the proof is none, and a vendor would refuse the two together.
    const { providerData: _, ...unproven } = event;
    const isWhole = text === event.text && !(closes && texts.reasoning.hasMasked);
    if (this.#action === 'report' || isWhole) this.#show(event);
    else this.#show({ ...(texts.reasoning.hasMasked ? unproven : event), text });
    this.#tell(texts.reasoning.takeFindings(), 'reasoning', event);
  }

  /** What is held of a thought goes out before the answer begins. */
  #endThought(texts: Texts): void {
    const { thought } = texts;
    const text = texts.reasoning.cut();
    if (thought !== undefined && text !== '' && this.#action !== 'report') {
      const { providerData: _, ...event } = thought;
      this.#show({ ...event, text });
    }
    if (thought !== undefined) this.#tell(texts.reasoning.takeFindings(), 'reasoning', thought);
    delete texts.thought;
  }

  #toolCall(event: ToolCallEvent): void {
    const texts = this.#textsOf(event);
    if (texts.thought !== undefined) this.#endThought(texts);
    const { findings, masked } = guardArguments(this.#guard, event.arguments);
    const [first] = findings;
    if (first === undefined || this.#action === 'report') this.#show(event);
    else if (this.#action !== 'mask' && this.#mayEnd()) return this.#endCall(first, 'arguments', event);
    else this.#show({ ...event, arguments: masked });
    this.#tell(findings, 'arguments', event);
  }

  #end(event: AttemptEndEvent): void {
    const texts = this.#attempts.get(keyOf(event));
    if (texts !== undefined && !event.superseded) {
      if (texts.thought !== undefined) this.#endThought(texts);
      const isWhole = event.outcome === 'completed';
      const text = isWhole ? texts.text.end() : texts.text.cut();
      if (texts.token !== undefined) {
        if (this.#action !== 'report') this.#show({ ...texts.token, text });
        this.#afterText(texts, texts.token);
      }
      if (!isWhole) this.#brokenOff = texts;
    }
    this.#attempts.delete(keyOf(event));
    this.#tellTheRest(event);
    this.#out.push(this.isOver ? this.endedHere(event) : event);
  }

  /** Whether the call may be ended here: always for `stop`; for `retry` where all that was shown can be taken back. */
  #mayEnd(): boolean {
    if (this.#action === 'stop') return true;
    const { answer, retractable, signal } = this.#context;
    return !signal.aborted && (retractable || !answer || !this.#shown);
  }

  #endCall(finding: Finding, place: Place, labels: AttemptLabels): void {
    this.#tell([finding], place, labels);
    this.finding = finding;
  }

  #show(event: TokenEvent | ReasoningEvent | ToolCallEvent): void {
    if (event.type === 'token' && event.text === '') return;
    if (event.type === 'reasoning' && event.text === '' && event.providerData === undefined) return;
    this.#shown = true;
    this.#out.push(event);
  }

  #tell(findings: readonly Finding[], place: Place, labels: AttemptLabels): void {
    for (const finding of findings) {
      this.#issues++;
      if (this.#issues > MAX_ISSUES) continue;
      this.#out.push(findingIssue(finding, place, `The ${place} of phase ${labels.phase}`, labels));
    }
  }

  #tellTheRest({ req_id, phase, call }: AttemptLabels): void {
    if (this.#issues <= MAX_ISSUES) return;
    const message = `There are ${this.#issues - MAX_ISSUES} more places that hold what is forbidden.`;
    this.#issues = 0;
    this.#out.push({
      type: 'issue',
      req_id,
      source: 'forbid',
      code: 'forbidden-term',
      severity: 'warning',
      message,
      path: 'forbid',
      phase,
      call,
    });
  }

  #textsOf(event: AttemptLabels): Texts {
    const key = keyOf(event);
    let texts = this.#attempts.get(key);
    if (texts === undefined) {
      texts = this.#brokenOff ?? this.#newTexts();
      this.#brokenOff = undefined;
      this.#attempts.set(key, texts);
    }
    return texts;
  }

  #newTexts(): Texts {
    const halts = this.#action === 'stop' || this.#action === 'retry';
    const isJson = this.#isJson;
    return {
      text: new TextGuard(this.#guard, { mode: halts ? 'halt' : 'mask', isJson }),
      reasoning: new TextGuard(this.#guard, { mode: 'mask' }),
    };
  }
}

/** Calls and attempts of one run stay far below what one number holds. */
function keyOf({ call, attempt }: AttemptLabels): number {
  return call * 4096 + attempt;
}
