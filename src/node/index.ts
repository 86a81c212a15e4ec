/**
 * What needs Node's file system.
 *
 * @module
 */
export { fileArchive, type FileArchiveOptions } from './file-archive.ts';
export { loadPersona } from './load-persona.ts';
export { loadPersonas } from './load-personas.ts';
