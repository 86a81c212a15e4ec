import { PersonaError } from '../errors.ts';

/** Of a persona that is used before its parent was read. */
export function unreadParentError(parent: string): PersonaError {
  const message =
    `This persona extends «${parent}», which has not been read. Read it from its file with loadPersona, ` +
    'or put the two together with extendPersona(parent, persona).';
  return new PersonaError(message, { field: 'extends' });
}
