import { createParser, type EventSourceParser } from 'eventsource-parser';

import { ProviderError } from '../errors.ts';
import type { ChainEvent } from '../event.ts';
import { malformed, truncated } from './parse-data.ts';
import type { StreamReader } from './stream-reader.ts';
import { Utf8Decoder } from './utf8-decoder.ts';

/** Longest event, and longest JSON document outside events, in UTF-16 units. */
const maxBufferSize = 16 * 1024 * 1024;

/**
 * Bytes of a response to events of the chain: decodes, splits into server-sent events and hands each to the protocol's reader.
 * Pure and synchronous; it also recognises what else arrives under status 200: a JSON document, a web page, nothing.
 */
export class SseFeed {
  /** The provider's name, for messages. */
  readonly provider: string;
  readonly #reader: StreamReader;
  readonly #decoder = new Utf8Decoder();
  readonly #parser: EventSourceParser;
  #batch: ChainEvent[] = [];
  #isFinished = false;
  #hasEvents = false;
  #isAtLineStart = true;
  /** What the body begins with, once more than white space has come. */
  #opening: 'nothing' | 'events' | 'something-else' = 'nothing';
  /** A JSON document in the body without `data:`, as far as it has come. */
  #document: string | undefined;

  constructor(reader: StreamReader, provider: string) {
    this.#reader = reader;
    this.provider = provider;
    this.#parser = createParser({
      maxBufferSize,
      onEvent: ({ data }) => {
        this.#take(data);
      },
      // Unknown fields are ignored, as the specification has it; only what makes the parser give up is an error.
      onError: (error) => {
        if (error.type === 'max-buffer-size-exceeded')
          throw malformed(provider, 'sent an event that is too large');
      },
    });
  }

  /** Whether the answer is whole, although its body has not ended. */
  get isWhole(): boolean {
    return this.#reader.isWhole === true;
  }

  /** Takes the bytes of one read and appends to `batch`. Returns true once the answer is complete. */
  push(bytes: Uint8Array, batch: ChainEvent[]): boolean {
    this.#batch = batch;
    this.#pushText(this.#decoder.decode(bytes));
    return this.#isFinished;
  }

  /**
   * Takes the end of the body.
   *
   * @throws {@link ProviderError} `empty-response`, `malformed` or `truncated` where the answer is not whole.
   */
  end(batch: ChainEvent[]): void {
    this.#batch = batch;
    this.#pushText(this.#decoder.end());
    if (this.#document !== undefined && !this.#isFinished) throw truncated(this.provider);
    this.#flush();
    if (this.#isFinished) return;
    if (!this.#hasEvents) throw this.#withoutEvents();
    this.#reader.end(batch);
  }

  #take(data: string): void {
    if (this.#isFinished || data === '') return;
    this.#hasEvents = true;
    this.#isFinished = this.#reader.read(data, this.#batch);
  }

  #pushText(text: string): void {
    if (this.#isFinished || text === '') return;
    if (this.#document !== undefined) {
      this.#pushDocument(text);
      return;
    }
    const start = this.#opening === 'nothing' ? this.#open(text) : this.#documentStart(text);
    if (start === -1) {
      this.#isAtLineStart = text.endsWith('\n');
      this.#parser.feed(text);
      return;
    }
    this.#parser.feed(text.slice(0, start));
    this.#pushDocument(text.slice(start));
  }

  /** Looks at the first thing in the body that is not white space. Returns where a document starts, -1 where none does. */
  #open(text: string): number {
    const index = text.search(/[^\s\uFEFF]/);
    if (index === -1) return -1;
    const first = text.charAt(index);
    if (first === '<') {
      throw malformed(
        this.provider,
        'answered with a web page instead of a stream; check the base URL',
        false,
      );
    }
    this.#opening = ':deir'.includes(first) ? 'events' : 'something-else';
    return first === '{' ? index : this.#documentStart(text);
  }

  /** Where a line begins with `{`, which no line of a server-sent event does. */
  #documentStart(text: string): number {
    if (this.#isAtLineStart && text.startsWith('{')) return 0;
    const lineEnd = text.indexOf('\n{');
    return lineEnd === -1 ? -1 : lineEnd + 1;
  }

  #pushDocument(text: string): void {
    if (this.#isFinished) return;
    const document = (this.#document ?? '') + text;
    this.#document = document;
    if (document.length > maxBufferSize)
      throw malformed(this.provider, 'sent a JSON document that is too large');
    // Parsed as soon as it may be whole, so that a socket which stays open does not hold the answer back.
    if (!text.trimEnd().endsWith('}')) return;
    let json: unknown;
    try {
      json = JSON.parse(document);
    } catch {
      return;
    }
    this.#isFinished = true;
    this.#reader.readWhole(json, this.#batch);
  }

  /** The last event may lack its blank line. What cannot be parsed then is half an event: whether it matters, the reader decides. */
  #flush(): void {
    try {
      this.#parser.feed('\n\n');
    } catch (error) {
      if (!(error instanceof ProviderError) || error.code !== 'malformed') throw error;
    }
  }

  #withoutEvents(): ProviderError {
    if (this.#opening === 'something-else') {
      return malformed(
        this.provider,
        'answered with something that is not an event stream; check the base URL',
        false,
      );
    }
    return new ProviderError('empty-response', `${this.provider} ended the response without an answer.`, {
      retryable: true,
      maybeAccepted: true,
    });
  }
}
