import { languageOf } from '../language.ts';
import type { Message } from '../message.ts';
import type { ResponseFormat } from '../request.ts';
import { additionsTo } from './extend-persona.ts';
import { partVerdicts, type PartVerdict, type PersonaFacts } from './holding-parts.ts';
import { personaPrompt, tidy } from './persona-prompt.ts';
import type { Persona, PersonaExample, PersonaSampling, PersonaValue } from './persona.ts';
import { fillIn, placeholdersIn, textsOf } from './placeholders.ts';
import { unreadParentError } from './unread-parent-error.ts';
import { variableValues } from './variable-values.ts';

/** What a persona is rendered with: values for its variables, and what its conditions are held against. */
export interface RenderPersonaOptions extends PersonaFacts {
  /** By name. @defaultValue the defaults of the variables */
  readonly variables?: Readonly<Record<string, PersonaValue>>;
}

/** A persona as a request takes it. */
export interface RenderedPersona {
  /** The system prompt. */
  readonly prompt: string;
  /** The exchanges that show how the persona answers, as messages that every trim keeps. */
  readonly examples: readonly Message[];
  /** What answers are judged by. */
  readonly rubric: readonly string[];
  /** The model to ask, by provider name. */
  readonly model: Readonly<Record<string, string>>;
  readonly sampling: PersonaSampling;
  readonly responseFormat?: ResponseFormat;
  /** Which parts of `when` hold, and why. */
  readonly parts: readonly PartVerdict[];
}

/**
 * A persona with its conditions decided and its variables filled in: prompt, examples and hints.
 *
 * @throws PersonaError when a variable has no value or a wrong one, and for a persona whose `extends` has not been read
 */
export function renderPersona(persona: Persona, options: RenderPersonaOptions = {}): RenderedPersona {
  if (persona.extends !== undefined) throw unreadParentError(persona.extends);
  const { variables, ...facts } = options;
  return renderWith(persona, variableValues(persona, variables), facts);
}

/** @internal With values for as many variables as there are: the others stay as they are written. */
export function renderWith(
  persona: Persona,
  values: ReadonlyMap<string, PersonaValue>,
  facts: PersonaFacts,
): RenderedPersona {
  const parts = partVerdicts(persona, facts, values);
  const whole = withParts(persona, parts);
  const { style, notes, format, examples = [], rubric = [], model = {}, sampling = {} } = whole;
  const fill = (text: string) => fillIn(text, values);
  const filled: Persona = {
    ...whole,
    ...(style !== undefined && { style: fill(style) }),
    ...(notes !== undefined && { notes: fill(notes) }),
    ...(format && { format: { ...format, headings: (format.headings ?? []).map(fill) } }),
  };
  return {
    prompt: personaPrompt(filled, languageOfPersona(whole), filledNames(whole, values)),
    examples: examples.flatMap((example) => messagesOf(example, fill)),
    rubric: rubric.map(fill),
    model,
    sampling,
    ...(format?.json && { responseFormat: { type: 'json', schema: format.json } }),
    parts,
  };
}

/** Of the texts as they are written: a value must not turn the headings around it into another language. */
function languageOfPersona({ language, name, style = '', notes = '', forbid = [] }: Persona) {
  return language ?? languageOf([tidy(style), tidy(notes)].join('\n').trim() || [name, ...forbid].join('\n'));
}

function withParts(persona: Persona, parts: readonly PartVerdict[]): Persona {
  let whole = persona;
  for (const { index, holds } of parts) {
    const part = persona.when?.[index];
    if (holds && part !== undefined) whole = Object.assign({}, whole, additionsTo(whole, part));
  }
  return whole;
}

/** The names of variables whose values a reader of the prompt meets, texts only: a number gives no orders. */
function filledNames(persona: Persona, values: ReadonlyMap<string, PersonaValue>): string[] {
  const { when: _when, rubric: _rubric, ...spoken } = persona;
  const asked = new Set(textsOf(spoken).flatMap(([, text]) => placeholdersIn(text)));
  return [...asked].filter((name) => typeof values.get(name) === 'string');
}

function messagesOf({ user, assistant }: PersonaExample, fill: (text: string) => string): Message[] {
  return [
    { role: 'user', content: fill(user), pinned: true },
    { role: 'assistant', content: fill(assistant), pinned: true },
  ];
}
