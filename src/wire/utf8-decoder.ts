/**
 * Bytes to text, whatever the cuts. A streaming `TextDecoder` takes a slow path in Node, even for plain ASCII; so a chunk that begins and
 * ends between characters goes to a decoder that never streams, and only the others to one that does.
 */
export class Utf8Decoder {
  // The byte order mark is left in place: a decoder that does not stream would strip U+FEFF at the head of every chunk.
  readonly #whole = new TextDecoder('utf-8', { ignoreBOM: true });
  #streaming: TextDecoder | undefined;
  #isOpen = false;

  decode(bytes: Uint8Array): string {
    const last = bytes.at(-1);
    if (last === undefined) return '';
    // A byte below 0x80 ends whatever stood before it.
    const endsWhole = last < 0x80;
    if (endsWhole && !this.#isOpen) return this.#whole.decode(bytes);
    this.#isOpen = !endsWhole;
    this.#streaming ??= new TextDecoder('utf-8', { ignoreBOM: true });
    return this.#streaming.decode(bytes, { stream: true });
  }

  /** What is left at the end: U+FFFD where a character was cut off. */
  end(): string {
    return this.#isOpen && this.#streaming !== undefined ? this.#streaming.decode() : '';
  }
}
