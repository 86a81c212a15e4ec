import { labelsOf } from '../attempt-events.ts';
import { isKatamariError, ProviderError } from '../errors.ts';
import type { ChainEvent, CritiqueIssue, IssueEvent } from '../event.ts';
import type { RunContext } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import { PhaseOutput } from './phase-output.ts';
import {
  criticRequest,
  instructionOf,
  questionOf,
  taskText,
  withSettings,
  withTask,
  type PhaseSettings,
} from './phase-request.ts';
import type { Prompt, PromptInput } from './prompts.ts';
import { readCritique } from './read-critique.ts';

/** Options of a reflection. */
export interface ReflectOptions {
  readonly draft?: PhaseSettings;
  readonly critique?: PhaseSettings;
  readonly final?: PhaseSettings;
  /** Whether a draft that the critic approves becomes the answer as it is, without a third call. @defaultValue true */
  readonly approve?: boolean;
  /**
   * What happens when the critique or the final call fails: `degrade` makes the draft the answer and tells of it in an `issue` event,
   * `throw` ends the run. A failed draft, and an abort, always end it. So does a final call that fails after some of its text was
   * handed out by `run.tokens()`, since that can't be taken back; a reader of events sees that text marked as superseded instead.
   * @defaultValue `'degrade'`
   */
  readonly onFailure?: 'degrade' | 'throw';
}

type PhaseName = 'draft' | 'critique' | 'final';

/** A call to be made. */
export interface PhaseCall {
  readonly name: PhaseName;
  readonly request: ChatRequest;
  readonly context: RunContext;
}

/** What is asked where the options say nothing. */
export interface DefaultPrompts {
  readonly critiquePrompt: Prompt;
  readonly finalPrompt: Prompt;
}

/** Decides which call comes next and what becomes the answer. Makes no call itself. */
export class Reflection {
  readonly #request: ChatRequest;
  readonly #context: RunContext;
  readonly #options: ReflectOptions;
  readonly #prompts: DefaultPrompts;
  readonly #draft = new PhaseOutput();
  #output = this.#draft;
  #issues: readonly CritiqueIssue[] = [];
  /** What is left to say when no call is left to make. */
  #closing: readonly ChainEvent[] = [];

  constructor(request: ChatRequest, context: RunContext, options: ReflectOptions, prompts: DefaultPrompts) {
    this.#request = request;
    this.#context = context;
    this.#options = options;
    this.#prompts = prompts;
  }

  get closing(): readonly ChainEvent[] {
    return this.#closing;
  }

  first(): PhaseCall {
    const { prompt } = this.#options.draft ?? {};
    const { messages } = this.#request;
    if (prompt === undefined) return this.#call('draft', this.#request);
    const { question } = this.#input();
    const task = `${question}\n\n${instructionOf(prompt, this.#input())}`.trim();
    return this.#call('draft', { ...this.#request, messages: withTask(messages, task) });
  }

  /** The next call after one that has ended well; `undefined` where none is left. */
  after(call: PhaseCall): PhaseCall | undefined {
    if (call.name === 'draft') return this.#afterDraft();
    if (call.name === 'critique') return this.#afterCritique();
    const { text, toolCalls } = this.#output;
    if (text.trim() === '' && toolCalls.length === 0) this.#failed('final', emptyError('final answer'));
    return undefined;
  }

  /** What a call that failed leaves to be done. @throws the error, where the draft may not or cannot take over */
  afterFailure(call: PhaseCall, error: unknown): void {
    const aborted = this.#context.signal.aborted || (isKatamariError(error) && error.code === 'aborted');
    if (aborted || call.name === 'draft') throw error;
    this.#failed(call.name, error);
  }

  /** Notes what a batch holds and gives it back. */
  take(call: PhaseCall, batch: readonly ChainEvent[]): readonly ChainEvent[] {
    const output = this.#output;
    output.add(batch);
    const end =
      call.name === 'final' && output.shown ? batch.find((event) => event.type === 'attempt-end') : undefined;
    if (end?.outcome !== 'failed' || !this.#degrades || !this.#context.retractable) return batch;
    // The draft takes over: what was shown of this attempt is void, and only its end can say so.
    output.shown = false;
    return batch.map((event) => (event === end ? { ...end, superseded: true } : event));
  }

  get #degrades(): boolean {
    return this.#options.onFailure !== 'throw';
  }

  #afterDraft(): PhaseCall | undefined {
    const { text, toolCalls, finishReason } = this.#draft;
    const refused = finishReason === 'content-filter' || finishReason === 'refusal';
    if (refused || toolCalls.length > 0 || text.trim() === '') return this.#answerWithDraft();
    const { prompt = this.#prompts.critiquePrompt } = this.#options.critique ?? {};
    const task = taskText(prompt, this.#input(), false);
    const messages = withTask(this.#request.messages, task);
    return this.#call('critique', criticRequest({ ...this.#request, messages }));
  }

  #afterCritique(): PhaseCall | undefined {
    const { text, finishReason } = this.#output;
    if (text.trim() === '' || finishReason === 'content-filter' || finishReason === 'refusal') {
      this.#failed('critique', emptyError('critique'));
      return undefined;
    }
    const { verdict, issues } = readCritique(text);
    if (verdict === 'approve' && this.#options.approve !== false) return this.#answerWithDraft();
    this.#issues = issues;
    const { prompt = this.#prompts.finalPrompt } = this.#options.final ?? {};
    const messages = withTask(this.#request.messages, taskText(prompt, this.#input(), true));
    return this.#call('final', { ...this.#request, messages });
  }

  #call(name: PhaseName, request: ChatRequest): PhaseCall {
    const settings = this.#options[name] ?? {};
    const { provider = this.#context.provider } = settings;
    if (name !== 'draft') this.#output = new PhaseOutput();
    const answer = name === 'final' && this.#context.answer;
    return {
      name,
      request: withSettings(request, settings, this.#context.provider),
      context: {
        ...this.#context,
        provider,
        phase: name,
        answer,
        query: this.#context.query ?? this.#input().question,
      },
    };
  }

  #input(): PromptInput {
    const question = questionOf(this.#request.messages);
    return { request: this.#request, question, draft: this.#draft.text, issues: this.#issues };
  }

  #failed(name: 'critique' | 'final', error: unknown): void {
    if (!this.#degrades || (this.#output.shown && name === 'final')) throw error;
    this.#answerWithDraft(this.#issueEvent(name, error));
  }

  /** Says the draft again as the answer, under the labels of the attempt that wrote it. */
  #answerWithDraft(issue?: IssueEvent): undefined {
    const { text, toolCalls, call, attempt } = this.#draft;
    const { answer } = this.#context;
    const labels = { ...labelsOf(this.#context), call, attempt, phase: 'final', answer } as const;
    this.#closing = [
      ...(issue ? [issue] : []),
      ...(text === '' ? [] : [{ type: 'token', ...labels, text } as const]),
      ...toolCalls.map((event) => ({ ...event, ...labels })),
    ];
  }

  #issueEvent(name: 'critique' | 'final', error: unknown): IssueEvent {
    const why = isKatamariError(error) ? error.message : 'A step or provider threw an error of its own.';
    const message = `The ${name} call failed, so the draft is the answer. ${why}`;
    const { req_id } = this.#context;
    return { type: 'issue', req_id, source: 'reflect', code: `${name}-failed`, severity: 'warning', message };
  }
}

function emptyError(what: string): ProviderError {
  return new ProviderError(
    'empty-response',
    `The model wrote no ${what}. Try another model or raise maxOutputTokens.`,
  );
}
