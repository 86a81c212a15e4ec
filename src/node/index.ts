/**
 * What needs Node's file system.
 *
 * @module
 */
export { defaultServerOptions, type DefaultServerOptions } from './default-server.ts';
export { fileArchive, type FileArchiveOptions } from './file-archive.ts';
export { loadPersona } from './load-persona.ts';
export { loadPersonas } from './load-personas.ts';
export { nodeListener, type FetchHandler, type NodeListener } from './node-listener.ts';
export type { PersonaChange } from './persona-folder-state.ts';
export { serveDev, type ServeDevOptions } from './serve-dev.ts';
export { serve, type Listening, type ServeOptions } from './serve.ts';
export { watchPersonas, type WatchedPersonas, type WatchPersonasOptions } from './watch-personas.ts';
