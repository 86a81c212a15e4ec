/**
 * What needs Node's file system.
 *
 * @module
 */
export { loadPersona } from './load-persona.ts';
export { loadPersonas } from './load-personas.ts';
