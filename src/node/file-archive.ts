import { createHash } from 'node:crypto';
import { appendFile, open, stat, type FileHandle } from 'node:fs/promises';

import { KatamariError } from '../errors.ts';
import { textOf, type Message } from '../message.ts';
import { memoryArchive, type MemoryArchiveOptions, type TrimArchive } from '../trim/archive.ts';
import { readLines } from './read-lines.ts';

/** Options of {@link fileArchive}. */
export interface FileArchiveOptions extends MemoryArchiveOptions {
  /** How much of the file is read when it is opened: its end, in bytes. What is before stays in the file, unread. @defaultValue 64 MiB */
  readonly maxReadBytes?: number;
}

const MAX_READ_BYTES = 64 * 1024 * 1024;
/** A longer line, in bytes, is neither written nor read: a message with a large picture in it is no text to be found. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;
/** How many lines are known to be in the file already; one that was forgotten is written again, and found once. */
const MAX_DIGESTS = 100_000;
/** Only the user who runs the process reads what was said. */
const MODE = 0o600;

/**
 * An archive in a file, which outlives the process: one message per line, as JSON, only ever added to. It is searched as
 * {@link memoryArchive} is, and holds as much in memory. A line that was cut off by a crash is passed over, and costs no other.
 *
 * Make one archive per file, and keep it: two at once do not know of one another's messages. Nothing is read before the first call.
 *
 * @param path - the file, made with the first message; its folder must be there. Absolute, or from the working directory
 * @throws KatamariError code `invalid-input`, from `store` and `find`, when the file can't be read or written; the next call tries again
 */
export function fileArchive(path: string, options: FileArchiveOptions = {}): TrimArchive {
  const archive = new FileArchive(path, options);
  return {
    store: (dropped) => archive.store([...dropped]),
    find: (query, limit) => archive.find(query, limit),
  };
}

class FileArchive {
  readonly #path: string;
  readonly #maxReadBytes: number;
  readonly #memory: TrimArchive;
  /** Digests of the lines that are in the file: a text is held once, by the memory. */
  readonly #written = new Set<string>();
  readonly #seen = new WeakSet<Message>();
  #isOpen = false;
  /** Whether the file ends in the middle of a line, so that the next one has to begin a new one. */
  #isTorn = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string, { maxReadBytes = MAX_READ_BYTES, ...memory }: FileArchiveOptions) {
    this.#path = path;
    this.#maxReadBytes = maxReadBytes;
    this.#memory = memoryArchive(memory);
  }

  store(dropped: readonly Message[]): Promise<void> {
    return this.#inTurn(async () => {
      const unseen = dropped.filter((message) => !this.#seen.has(message));
      await this.#memory.store(unseen);
      const lines = new Map<string, string>();
      for (const message of unseen) {
        const digest = digestOf(message);
        const line = lineOf(message);
        if (line !== undefined && !this.#written.has(digest)) lines.set(digest, line);
      }
      if (lines.size > 0) await withFile(this.#path, () => this.#append([...lines.values()].join('')));
      for (const digest of lines.keys()) this.#note(digest);
      for (const message of unseen) this.#seen.add(message);
    });
  }

  find(query: string, limit?: number): ReturnType<TrimArchive['find']> {
    return this.#inTurn(() => this.#memory.find(query, limit));
  }

  /** One after the other: lines of two writes must not mix, and a search finds what was stored before it. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(async () => {
      if (!this.#isOpen) await withFile(this.#path, () => this.#load());
      return work();
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #load(): Promise<void> {
    const file = await openIfThere(this.#path);
    try {
      if (file !== undefined) await this.#read(file);
      this.#isOpen = true;
    } finally {
      await file?.close();
    }
  }

  async #read(file: FileHandle): Promise<void> {
    const lines = readLines(file, { maxBytes: this.#maxReadBytes, maxLineBytes: MAX_LINE_BYTES });
    for await (const { text, isWhole } of lines) {
      this.#isTorn = !isWhole;
      // No beginning of a JSON object is one: what can be read is whole, with or without its line feed.
      const message = messageOf(text);
      if (message === undefined) continue;
      this.#note(digestOf(message));
      await this.#memory.store([message]);
    }
  }

  #note(digest: string): void {
    this.#written.add(digest);
    const [oldest] = this.#written;
    if (this.#written.size > MAX_DIGESTS && oldest !== undefined) this.#written.delete(oldest);
  }

  async #append(lines: string): Promise<void> {
    const text = this.#isTorn ? `\n${lines}` : lines;
    this.#isTorn = true;
    await appendFile(this.#path, text, { mode: MODE });
    this.#isTorn = false;
  }
}

/** As in {@link memoryArchive}, two messages are the same where the same role says the same text. */
function digestOf(message: Message): string {
  return createHash('sha256')
    .update(`${message.role}\n${textOf(message)}`)
    .digest('base64');
}

function lineOf(message: Message): string | undefined {
  if (textOf(message).trim() === '') return undefined;
  const line = `${JSON.stringify(message)}\n`;
  return Buffer.byteLength(line) > MAX_LINE_BYTES ? undefined : line;
}

const ROLES: ReadonlySet<unknown> = new Set(['system', 'user', 'assistant', 'tool']);

/** The message in a line, or `undefined` where the line is not one of ours. */
function messageOf(line: string): Message | undefined {
  try {
    const value = JSON.parse(line) as Partial<Message> | null;
    const isMessage =
      ROLES.has(value?.role) && (typeof value?.content === 'string' || Array.isArray(value?.content));
    if (!isMessage) return undefined;
    const message = value as Message;
    return textOf(message).trim() === '' ? undefined : message;
  } catch {
    return undefined;
  }
}

/** Looked at first: opening a pipe would wait for ever. */
async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    if (!(await stat(path)).isFile()) throw Object.assign(new Error('not a file'), { code: 'not a file' });
    return await open(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function withFile(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    const code = codeOf(cause);
    const why =
      code === 'ENOENT'
        ? 'its folder does not exist; make it first.'
        : `it can't be read or written (${code ?? 'unknown'}).`;
    throw new KatamariError('invalid-input', `fileArchive: ${path}: ${why}`, { cause });
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
