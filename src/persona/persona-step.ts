import { PersonaError } from '../errors.ts';
import type { Message, SystemMessage } from '../message.ts';
import { rewriteStep } from '../rewrite-step.ts';
import type { Step } from '../step.ts';
import { compilePersona } from './compile-persona.ts';
import { fieldOf, findPersonaFault } from './persona-fault.ts';
import { findPersonaIssues } from './persona-issues.ts';
import type { Persona } from './persona.ts';

/** Options of {@link persona}. */
export interface PersonaStepOptions {
  /**
   * Where the prompt stands: `first` of all messages, or `after-system`, behind the system messages that the request begins with.
   *
   * @defaultValue `'first'`
   */
  readonly position?: 'first' | 'after-system';
}

/**
 * A step that lets the model speak as a persona: its prompt becomes a system message in front of the conversation. System messages of the
 * caller stay as they are; a prompt that stands there already is not put in twice. What {@link findPersonaIssues} finds is told in `issue`
 * events at every run.
 *
 * The prompt is compiled here and once: what is done to the object afterwards changes nothing.
 *
 * @throws PersonaError when the value is no persona, naming the field and what is expected there
 */
export function persona(persona: Persona, { position = 'first' }: PersonaStepOptions = {}): Step {
  checkPersona(persona, position);
  const content = compilePersona(persona);
  const prompt: SystemMessage = { role: 'system', content };
  const issues = findPersonaIssues(persona);
  return rewriteStep({
    name: 'persona',
    stage: 'prompt',
    labels: { persona: persona.name },
    rewrite: (request, { req_id, emit }) => {
      for (const issue of issues) emit({ type: 'issue', req_id, source: 'persona', ...issue });
      const { messages } = request;
      const at = position === 'first' ? 0 : leadingSystems(messages);
      const looked = messages.slice(0, Math.max(at, 1));
      const isThere = looked.some((message) => message.role === 'system' && message.content === content);
      return isThere ? request : { ...request, messages: messages.toSpliced(at, 0, prompt) };
    },
  });
}

function checkPersona(value: unknown, position: unknown): void {
  const fault = findPersonaFault(value);
  if (fault !== undefined) throw new PersonaError(fault.message, { field: fieldOf(fault.path) });
  if (position !== 'first' && position !== 'after-system') {
    throw new PersonaError("position must be 'first' or 'after-system'.", { field: 'position' });
  }
}

/** How many system messages stand at the beginning. */
function leadingSystems(messages: readonly Message[]): number {
  const index = messages.findIndex((message) => message.role !== 'system');
  return index === -1 ? messages.length : index;
}
