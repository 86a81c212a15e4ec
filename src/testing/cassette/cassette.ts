import { KatamariError } from '../../errors.ts';

/** A piece of an answer's body, as one read brought it. */
export interface RecordedChunk {
  /** Since the request was made, in milliseconds. */
  readonly afterMs: number;
  /** The bytes, where they are whole UTF-8. */
  readonly text?: string;
  /** The bytes, where a character is cut. */
  readonly base64?: string;
}

/** A request without its secrets. */
export interface RecordedRequest {
  readonly method: string;
  /** Values of the query are blotted out, but for a few that are known to be harmless. */
  readonly url: string;
  /** Only those that are known to be harmless. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON as such, other bodies as text. */
  readonly body: unknown;
}

/** An answer without secrets. */
export interface RecordedResponse {
  readonly status: number;
  /** Only those that say something about the answer. */
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: readonly RecordedChunk[];
  /** `broken` where the connection broke; `left` where the consumer left before the end. */
  readonly end: 'whole' | 'broken' | 'left';
}

/** One request and what came of it. */
export interface RecordedExchange {
  readonly request: RecordedRequest;
  /** Left out where no answer came. */
  readonly response?: RecordedResponse;
  /** The system's word for why no answer came, for example `ECONNREFUSED`. */
  readonly failure?: string;
}

/** Exchanges with a host, to be played again. Plain JSON, without secrets. */
export interface Cassette {
  readonly version: 1;
  /** In the order in which the requests were made. */
  readonly exchanges: readonly RecordedExchange[];
}

/**
 * Checks that a value, read from JSON, is a cassette.
 *
 * @throws KatamariError `invalid-input`, naming the place
 */
export function parseCassette(value: unknown): Cassette {
  const cassette = value as Partial<Cassette> | null;
  if (cassette?.version !== 1 || !Array.isArray(cassette.exchanges)) {
    throw new KatamariError(
      'invalid-input',
      'This is no cassette: it needs { "version": 1, "exchanges": […] }.',
    );
  }
  for (const [index, exchange] of (cassette.exchanges as (Partial<RecordedExchange> | null)[]).entries()) {
    const { request, response, failure } = exchange ?? {};
    const hasRequest = typeof request?.method === 'string' && typeof request.url === 'string';
    const hasEnd = Array.isArray(response?.chunks) || typeof failure === 'string';
    if (!hasRequest || !hasEnd) {
      throw new KatamariError(
        'invalid-input',
        `exchanges[${index}] of the cassette is not whole: it needs a request with method and url, and a response with chunks or a failure.`,
      );
    }
  }
  return cassette as Cassette;
}
