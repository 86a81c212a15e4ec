import type { Persona } from './persona.ts';
import { renderPersona, type RenderPersonaOptions } from './render-persona.ts';

/**
 * The system prompt of a persona, in its `language`; without one, in Japanese where its style and notes are, else in English (without
 * either, name and forbidden terms decide). The same persona gives the same text to the byte, since it is the part of a request that
 * providers cache.
 *
 * The persona's texts stand in fenced blocks that nothing in them can close, nor a value that is filled in: word for word but for white
 * space at line ends and blank lines around them.
 *
 * @throws PersonaError when a variable has no value or a wrong one, and for a persona whose `extends` has not been read
 */
export function compilePersona(persona: Persona, options?: RenderPersonaOptions): string {
  return renderPersona(persona, options).prompt;
}
