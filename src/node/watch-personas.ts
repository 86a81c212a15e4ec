import { systemClock, type Clock } from '../clock.ts';
import { PersonaError } from '../errors.ts';
import type { Persona } from '../persona/persona.ts';
import type { PersonaCollection } from '../server/persona-shelf.ts';
import { FolderEvents } from './folder-events.ts';
import {
  changesBetween,
  stateAfter,
  stateWithFault,
  type FolderState,
  type PersonaChange,
} from './persona-folder-state.ts';
import { readPersonaFolder } from './persona-folder.ts';

/** Options of {@link watchPersonas}. What is told must not throw. */
export interface WatchPersonasOptions {
  /** Ends the watching. @defaultValue only `close()` does */
  readonly signal?: AbortSignal;
  /** Told of each persona that has come, changed or gone, once `get` knows of all of them. @defaultValue nobody is told */
  readonly onChange?: (change: PersonaChange) => void;
  /** Told once of each fault: of a file that is no persona any more, or a folder that can't be read. @defaultValue nobody is told */
  readonly onFault?: (fault: PersonaError) => void;
  /** Told of a file, as its fault named it, whose fault is no more: it was mended or removed. @defaultValue nobody is told */
  readonly onMended?: (file: string) => void;
  /** How long the folder must be quiet before it is read, in milliseconds. After 20 times that it is read anyway. @defaultValue 50 */
  readonly quietMs?: number;
  /** @defaultValue the machine's clock */
  readonly clock?: Clock;
}

/** The personas of a folder as they are now: what `createHandler({ personas })` asks at every request. */
export interface WatchedPersonas extends PersonaCollection, AsyncDisposable {
  /** The persona of a file, by the file's name without its ending. While the file is broken, the one that was there before. */
  get(id: string): Persona | undefined;
  /** In the order of the file names. */
  keys(): Iterable<string>;
  /** The text that the persona was read from. */
  yaml(id: string): string | undefined;
  /** What is wrong now, by file. Empty when all is well. */
  readonly faults: ReadonlyMap<string, PersonaError>;
  /** Ends the watching. The personas stay as they are then. Resolves when nothing is being read any more. */
  close(): Promise<void>;
}

/**
 * Reads the personas of a folder and follows its files: a file that changes, comes or goes is seen with the next `get`, and so is a change of what
 * files extend. A file that breaks leaves its persona as it was and is told to `onFault`. It listens to the file system and asks nothing
 * at intervals; the process is not kept alive by it.
 *
 * Not noticed: a change of a file out of the folder that a link points to.
 *
 * @example const personas = await watchPersonas('personas', { onFault: ({ message, frame }) => report(message, frame) });
 * @throws PersonaError when the folder can't be read or watched, and for the first file that is no persona at the start;
 * the reason of `signal` when that is aborted
 */
export async function watchPersonas(
  folder: string,
  options: WatchPersonasOptions = {},
): Promise<WatchedPersonas> {
  options.signal?.throwIfAborted();
  const watched = new PersonaWatch(folder, options);
  try {
    await watched.begin();
    options.signal?.throwIfAborted();
    return watched;
  } catch (error) {
    await watched.close();
    throw error;
  }
}

class PersonaWatch implements WatchedPersonas {
  readonly #folder: string;
  readonly #options: WatchPersonasOptions;
  readonly #events: FolderEvents;
  readonly #onAbort = (): void => void this.close();
  #state: FolderState = { personas: new Map(), faults: new Map() };
  #reading: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(folder: string, options: WatchPersonasOptions) {
    const { clock = systemClock, quietMs = 50, signal } = options;
    this.#folder = folder;
    this.#options = options;
    this.#events = new FolderEvents(folder, { clock, quietMs, onQuiet: () => void this.#readInTurn() });
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  get(id: string): Persona | undefined {
    return this.#state.personas.get(id)?.persona;
  }

  keys(): Iterable<string> {
    return this.#state.personas.keys();
  }

  yaml(id: string): string | undefined {
    return this.#state.personas.get(id)?.yaml;
  }

  get faults(): ReadonlyMap<string, PersonaError> {
    return this.#state.faults;
  }

  /** Listens before it reads: what changes meanwhile is read again. */
  async begin(): Promise<void> {
    this.#events.listen();
    this.#state = stateAfter(this.#state, await readPersonaFolder(this.#folder));
    const [fault] = this.#state.faults.values();
    if (fault !== undefined) throw fault;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#events.close();
    this.#options.signal?.removeEventListener('abort', this.#onAbort);
    await this.#reading.catch(() => undefined);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** One reading after the other, so that an older one never replaces a newer one. */
  #readInTurn(): Promise<void> {
    const read = (): Promise<void> => this.#read();
    this.#reading = this.#reading.then(read, read);
    return this.#reading;
  }

  async #read(): Promise<void> {
    const before = this.#state;
    const after = await this.#look(before);
    // What is seen after the end is told to nobody.
    if (this.#isClosed) return;
    this.#state = after;
    const { onChange, onFault, onMended } = this.#options;
    const { changes, faults, mended } = changesBetween(before, after);
    for (const change of changes) onChange?.(change);
    for (const fault of faults) onFault?.(fault);
    for (const file of mended) onMended?.(file);
  }

  async #look(before: FolderState): Promise<FolderState> {
    try {
      this.#events.listen();
      return stateAfter(before, await readPersonaFolder(this.#folder));
    } catch (error) {
      if (error instanceof PersonaError) return stateWithFault(before, this.#folder, error);
      throw error;
    }
  }
}
