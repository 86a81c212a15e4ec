import type { FileHandle } from 'node:fs/promises';

/** How much is read. */
export interface ReadLinesOptions {
  /** The most that is read, in bytes, from the end of the file. */
  readonly maxBytes: number;
  /** A longer line, in bytes, is passed over. */
  readonly maxLineBytes: number;
}

/** One line of a file. */
export interface Line {
  /** Without its line feed; empty where the line is too long. */
  readonly text: string;
  /** False for what stands after the last line feed: a line that somebody was writing. */
  readonly isWhole: boolean;
}

const CHUNK_BYTES = 64 * 1024;
const LINE_FEED = 0x0a;

/**
 * Reads the lines at the end of a file, in order. No more than one line and one chunk are held, and no more is read than was there at
 * the start. Where the beginning of the file is left out, so is the line that begins there.
 */
export async function* readLines(file: FileHandle, options: ReadLinesOptions): AsyncGenerator<Line> {
  const { size } = await file.stat();
  const start = Math.max(0, size - options.maxBytes);
  const chunk = new Uint8Array(CHUNK_BYTES);
  const line = new LineBuffer(options.maxLineBytes);
  // A line feed right before `start` would make the line there a whole one: so reading begins one byte earlier.
  let [at, isSkipping] = [Math.max(0, start - 1), start > 0];
  while (at < size) {
    const { bytesRead } = await file.read(chunk, 0, Math.min(CHUNK_BYTES, size - at), at);
    if (bytesRead === 0) break;
    at += bytesRead;
    let from = 0;
    for (
      let end = chunk.indexOf(LINE_FEED);
      end !== -1 && end < bytesRead;
      end = chunk.indexOf(LINE_FEED, from)
    ) {
      line.add(chunk.subarray(from, end));
      const text = line.take();
      if (!isSkipping) yield { text, isWhole: true };
      isSkipping = false;
      from = end + 1;
    }
    line.add(chunk.subarray(from, bytesRead));
  }
  if (line.hasBytes || isSkipping) yield { text: line.take(), isWhole: false };
}

/** Collects the bytes of one line, and forgets them when they are too many. */
class LineBuffer {
  #parts: Uint8Array[] = [];
  #bytes = 0;
  readonly #maxBytes: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get hasBytes(): boolean {
    return this.#bytes > 0;
  }

  add(bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    if (this.#bytes > this.#maxBytes) this.#parts = [];
    // Copied: the chunk is written over by the next read.
    else if (bytes.length > 0) this.#parts.push(bytes.slice());
  }

  take(): string {
    const text = this.#bytes > this.#maxBytes ? '' : Buffer.concat(this.#parts).toString('utf8');
    this.#parts = [];
    this.#bytes = 0;
    return text;
  }
}
