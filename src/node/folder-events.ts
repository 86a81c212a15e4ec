import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

import type { Clock } from '../clock.ts';
import { PersonaError } from '../errors.ts';
import { fileError } from './persona-file.ts';

/** A folder that never falls quiet is read all the same, after so many times its quiet time. */
const LONGEST_WAIT = 20;

/** What may be said of {@link FolderEvents}. */
interface FolderEventsOptions {
  readonly clock: Clock;
  /** In milliseconds. */
  readonly quietMs: number;
  /** Something has changed in the folder, and nothing more for a while. */
  readonly onQuiet: () => void;
}

/**
 * @internal Tells when something has changed in a folder. The folder may itself be replaced, removed and made again: the one that it lies in is
 * listened to for that.
 */
export class FolderEvents {
  readonly #folder: string;
  readonly #options: FolderEventsOptions;
  #inside: FSWatcher | undefined;
  #outside: FSWatcher | undefined;
  /** Whether the folder may be another one than is listened to. */
  #isStale = true;
  #isClosed = false;
  #cancel: (() => void) | undefined;
  /** When the first of the changes came that are still to be told, on the clock. */
  #since: number | undefined;

  constructor(folder: string, options: FolderEventsOptions) {
    this.#folder = resolve(folder);
    this.#options = options;
  }

  /** Listens to the folder that is there now. Cheap where it does already. @throws PersonaError when it can't */
  listen(): void {
    this.#outside ??= this.#watchOutside();
    if (!this.#isStale) return;
    this.#inside?.close();
    this.#inside = undefined;
    this.#inside = this.#watch(this.#folder, () => {
      this.#changed();
    });
    this.#isStale = false;
  }

  close(): void {
    this.#isClosed = true;
    this.#inside?.close();
    this.#outside?.close();
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #watchOutside(): FSWatcher | undefined {
    const name = basename(this.#folder);
    try {
      return this.#watch(dirname(this.#folder), (changed) => {
        if (changed !== null && changed !== name) return;
        this.#isStale = true;
        this.#changed();
      });
    } catch {
      // It may be forbidden to read it; then a folder that is replaced is not noticed.
      return undefined;
    }
  }

  #watch(path: string, onChange: (name: string | null) => void): FSWatcher {
    try {
      const watcher = watch(path, { persistent: false }, (_event, name) => {
        onChange(name);
      });
      // As on Windows, where the folder has been removed.
      watcher.on('error', () => {
        onChange(null);
        this.#isStale = true;
      });
      return watcher;
    } catch (error) {
      throw watchError(path, error);
    }
  }

  /** Waits for quiet: an editor writes a file in several steps, and a deployment many files. */
  #changed(): void {
    if (this.#isClosed) return;
    const { clock, quietMs, onQuiet } = this.#options;
    const now = clock.now();
    this.#since ??= now;
    this.#cancel?.();
    const wait = Math.max(0, Math.min(quietMs, this.#since + quietMs * LONGEST_WAIT - now));
    this.#cancel = clock.after(wait, () => {
      this.#cancel = undefined;
      this.#since = undefined;
      onQuiet();
    });
  }
}

function watchError(path: string, cause: unknown): PersonaError {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code !== 'ENOSPC' && code !== 'EMFILE') return fileError(path, cause);
  const message =
    `The system lets no more folders be watched (${code}). Raise its limit ` +
    '(on Linux fs.inotify.max_user_watches and max_user_instances).';
  return new PersonaError(message, { file: path }, { cause });
}
