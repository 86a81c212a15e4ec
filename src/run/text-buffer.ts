const FLUSH_CHARS = 65_536;

/**
 * Text that grows by small pieces and may become very large. Whole chunks are kept as bytes outside the JavaScript heap, so that an
 * answer of 96 MiB passes through a heap of 80; a chunk with a lone surrogate, which bytes cannot hold, stays a string.
 */
export class TextBuffer {
  #chunks: (Uint8Array | string)[] = [];
  #tail = '';

  append(text: string): void {
    this.#tail += text;
    if (this.#tail.length >= FLUSH_CHARS) this.#flush();
  }

  toString(): string {
    if (this.#chunks.length === 0) return this.#tail;
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    const texts = this.#chunks.map((chunk) => (typeof chunk === 'string' ? chunk : decoder.decode(chunk)));
    return texts.join('') + this.#tail;
  }

  /** A trailing high surrogate waits for its other half. */
  #flush(): void {
    const last = this.#tail.charCodeAt(this.#tail.length - 1);
    const end = last >= 0xd800 && last <= 0xdbff ? this.#tail.length - 1 : this.#tail.length;
    const chunk = this.#tail.slice(0, end);
    this.#tail = this.#tail.slice(end);
    this.#chunks.push(chunk.isWellFormed() ? new TextEncoder().encode(chunk) : chunk);
  }
}
