import type { Message, SystemMessage } from '../message.ts';
import type { RunContext, Speaker } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import { compilePersona } from './compile-persona.ts';
import { findPersonaIssues, type PersonaIssue } from './persona-issues.ts';
import type { PersonaStepOptions } from './persona-step-options.ts';
import type { Persona } from './persona.ts';

/** The part of the step that is loaded with its first run: compiles once, and puts the prompt into requests. */
export class AppliedPersona {
  readonly #position: 'first' | 'after-system';
  readonly #speaker: Speaker;
  readonly #prompt: SystemMessage;
  readonly #issues: readonly PersonaIssue[];

  constructor(persona: Persona, hash: string, { position = 'first' }: PersonaStepOptions) {
    const { name, version, forbid = [], rubric = [] } = persona;
    const content = compilePersona(persona);
    this.#position = position;
    this.#speaker = {
      name,
      hash,
      ...(version !== undefined && { version }),
      prompt: content,
      forbid,
      rubric,
    };
    this.#prompt = { role: 'system', content };
    this.#issues = findPersonaIssues(persona);
  }

  /** The request with the prompt in it, and the context for those who come after. */
  apply(request: ChatRequest, context: RunContext): readonly [ChatRequest, RunContext] {
    const { req_id, emit } = context;
    for (const issue of this.#issues) emit({ type: 'issue', req_id, source: 'persona', ...issue });
    const { messages } = request;
    const at = this.#position === 'first' ? 0 : leadingSystems(messages);
    const { content } = this.#prompt;
    const looked = messages.slice(0, Math.max(at, 1));
    const isThere = looked.some((message) => message.role === 'system' && message.content === content);
    const asked = isThere ? request : { ...request, messages: messages.toSpliced(at, 0, this.#prompt) };
    return [asked, { ...context, persona: this.#speaker }];
  }
}

/** How many system messages stand at the beginning. */
function leadingSystems(messages: readonly Message[]): number {
  const index = messages.findIndex((message) => message.role !== 'system');
  return index === -1 ? messages.length : index;
}
