import type { Phase } from '../event.ts';
import type { RunContext } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import type { Candidate } from './candidate.ts';
import { criticRequest, questionOf, withSettings, withTask } from './phase-request.ts';
import { critiqueTask, draftTask, repairTask, revisionTask } from './prompts.ts';
import { formatOf } from './read-by-schema.ts';
import type { PhaseSettings, PromptInput, ReflectOptions } from './reflect-options.ts';

/** A call to be made. */
export interface PhaseCall {
  readonly request: ChatRequest;
  readonly context: RunContext;
}

/** Writes the requests of a reflection's calls. Makes none. */
export class PhaseCalls {
  readonly #request: ChatRequest;
  readonly #context: RunContext;
  readonly #options: ReflectOptions;
  readonly #question: string;
  readonly #rubric: readonly string[];

  constructor(request: ChatRequest, context: RunContext, options: ReflectOptions) {
    this.#request = request;
    this.#context = context;
    this.#options = options;
    this.#question = questionOf(request.messages);
    this.#rubric = [
      ...(context.persona?.rubric ?? []),
      ...(context.rubric ?? []),
      ...linesOf(options.rubric),
    ];
  }

  /** @param index - which of several drafts, from 0: the same seed would write the same text again */
  draft(index: number, signal: AbortSignal): PhaseCall {
    const { draft = {} } = this.#options;
    const { messages, seed, ...rest } = this.#request;
    const { prompt } = draft;
    const request = {
      messages: prompt === undefined ? messages : withTask(messages, draftTask(this.#input(), prompt)),
      ...rest,
      ...(seed !== undefined && { seed: seed + index }),
    };
    return this.#call('draft', draft, request, signal);
  }

  critique(candidate: Candidate, signal: AbortSignal): PhaseCall {
    return this.#critic(this.#critiqueTask(candidate), signal);
  }

  /** The critique again, after one that could not be read. */
  repair(candidate: Candidate, critique: string, fault: string | undefined, signal: AbortSignal): PhaseCall {
    const input = this.#input(candidate);
    return this.#critic(repairTask(this.#critiqueTask(candidate), input, critique, fault), signal);
  }

  revision(base: Candidate, phase: 'revision' | 'final'): PhaseCall {
    const { final = {} } = this.#options;
    const task = revisionTask(this.#input(base), final.prompt);
    const messages = withTask(this.#request.messages, task);
    return this.#call(phase, final, { ...this.#request, messages }, this.#context.signal);
  }

  #critiqueTask(candidate: Candidate): string {
    return critiqueTask(this.#input(candidate), this.#options.critique?.prompt);
  }

  #critic(task: string, signal: AbortSignal): PhaseCall {
    const { critique = {} } = this.#options;
    const format = critique.schema && formatOf(critique.schema);
    const request = {
      ...criticRequest({ ...this.#request, messages: withTask(this.#request.messages, task) }),
      ...(format && { responseFormat: format }),
    };
    return this.#call('critique', critique, request, signal);
  }

  #call(phase: Phase, settings: PhaseSettings, request: ChatRequest, signal: AbortSignal): PhaseCall {
    const { provider = this.#context.provider } = settings;
    return {
      request: withSettings(request, settings, this.#context.provider),
      context: {
        ...this.#context,
        provider,
        phase,
        answer: phase === 'final' && this.#context.answer,
        query: this.#context.query ?? this.#question,
        signal,
      },
    };
  }

  #input(candidate?: Candidate): PromptInput {
    return {
      request: this.#request,
      question: this.#question,
      draft: candidate?.text ?? '',
      issues: candidate?.judgement?.issues ?? [],
      rubric: this.#rubric,
    };
  }
}

function linesOf(rubric: string | readonly string[] = []): string[] {
  const lines = typeof rubric === 'string' ? rubric.split('\n') : rubric;
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}
