import { PersonaError } from '../errors.ts';
import { languageOf } from '../language.ts';
import { textOf, type Message } from '../message.ts';
import type { RunContext, Speaker } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import { fieldOf } from './field-checks.ts';
import type { PersonaFacts } from './holding-parts.ts';
import { findPersonaFault } from './persona-fault.ts';
import { findPersonaIssues, type PersonaIssue } from './persona-issues.ts';
import type { PersonaStepOptions } from './persona-step-options.ts';
import type { Persona } from './persona.ts';
import { renderPersona, type RenderedPersona } from './render-persona.ts';
import { variableValues } from './variable-values.ts';

/** The part of the step that is loaded with its first run: renders the persona, and puts it into requests. */
export class AppliedPersona {
  readonly #persona: Persona;
  readonly #hash: string;
  readonly #options: PersonaStepOptions;
  readonly #issues: readonly PersonaIssue[];
  #rendered: RenderedPersona | undefined;

  /** @throws PersonaError when a field is not as it should be, or a variable has no value or a wrong one */
  constructor(persona: Persona, hash: string, options: PersonaStepOptions) {
    const fault = findPersonaFault(persona);
    if (fault !== undefined) throw new PersonaError(fault.message, { field: fieldOf(fault.path) });
    variableValues(persona, options.variables);
    this.#persona = persona;
    this.#hash = hash;
    this.#options = options;
    this.#issues = findPersonaIssues(persona);
  }

  /** The request with the persona in it, and the context for those who come after. */
  apply(request: ChatRequest, context: RunContext): readonly [ChatRequest, RunContext] {
    const { req_id, emit, provider } = context;
    for (const issue of this.#issues) emit({ type: 'issue', req_id, source: 'persona', ...issue });
    const rendered = this.#render(request, context);
    const { model = rendered.model[provider.name], responseFormat = rendered.responseFormat } = request;
    const asked: ChatRequest = {
      ...rendered.sampling,
      ...request,
      messages: this.#messages(request.messages, rendered),
      ...(model !== undefined && { model }),
      ...(responseFormat && { responseFormat }),
    };
    return [asked, { ...context, persona: this.#speaker(rendered) }];
  }

  /** Once for a persona without conditions: it is the same at every run. */
  #render(request: ChatRequest, { provider }: RunContext): RenderedPersona {
    if (this.#rendered !== undefined && this.#persona.when === undefined) return this.#rendered;
    const { variables, hour, language = languageOf(questionOf(request.messages)) } = this.#options;
    const facts: PersonaFacts = {
      language,
      provider: provider.name,
      model: request.model ?? provider.model,
      ...(hour !== undefined && { hour: typeof hour === 'function' ? hour() : hour }),
    };
    return (this.#rendered = renderPersona(this.#persona, { ...facts, ...(variables && { variables }) }));
  }

  #messages(messages: readonly Message[], { prompt, examples }: RenderedPersona): readonly Message[] {
    const systems = leadingSystems(messages);
    const at = this.#options.position === 'after-system' ? systems : 0;
    const looked = messages.slice(0, Math.max(at, 1));
    // One that stands there already is not put in twice, nor are its examples.
    if (looked.some(({ role, content }) => role === 'system' && content === prompt)) return messages;
    const rest = messages.slice(systems);
    return [
      ...messages.slice(0, systems).toSpliced(at, 0, { role: 'system', content: prompt }),
      ...examples,
      ...rest,
    ];
  }

  #speaker({ prompt, rubric }: RenderedPersona): Speaker {
    const { name, version, forbid = [] } = this.#persona;
    return { name, hash: this.#hash, ...(version !== undefined && { version }), prompt, forbid, rubric };
  }
}

/** How many system messages stand at the beginning. */
function leadingSystems(messages: readonly Message[]): number {
  const index = messages.findIndex((message) => message.role !== 'system');
  return index === -1 ? messages.length : index;
}

function questionOf(messages: readonly Message[]): string {
  const message = messages.findLast(({ role }) => role === 'user');
  return message === undefined ? '' : textOf(message);
}
