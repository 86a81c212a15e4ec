import { ProviderError } from '../errors.ts';
import { asNumber, asRecord } from '../wire/json-record.ts';
import { toJsonText } from '../wire/json-text.ts';
import { bodyOfClientError, toClientError } from './client-error.ts';

/** A call that a vendor's own client makes. */
export interface ClientCall<Answer> {
  /** The provider's name, for messages. */
  readonly provider: string;
  readonly signal: AbortSignal;
  /** Hands the call to the client. */
  readonly make: () => PromiseLike<Answer>;
}

/** The request as the client will write it: half of a surrogate pair, which strict hosts refuse, is mended before. */
export function mendedBody(body: object): object {
  return JSON.parse(toJsonText(body)) as object;
}

/** The body of the raw response that a client hands out. @throws {@link ProviderError} for what the client throws. */
export async function bodyOfResponse(call: ClientCall<Response>): Promise<ReadableStream<Uint8Array>> {
  const response = await callClient(call);
  if (response.body !== null) return response.body;
  throw new ProviderError('empty-response', `${call.provider} answered ${response.status} without a body.`, {
    retryable: true,
    status: response.status,
    maybeAccepted: true,
  });
}

/** The chunks that a client has parsed already, written out again as a body: so one reader serves both. */
export async function bodyOfChunks(
  call: ClientCall<AsyncIterable<unknown>>,
): Promise<ReadableStream<Uint8Array>> {
  const chunks = (await callClient(call))[Symbol.asyncIterator]();
  const encoder = new TextEncoder();
  const event = (data: unknown): Uint8Array => encoder.encode(`data: ${JSON.stringify(data)}\n\n`);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await chunks.next();
        if (next.done === true) controller.close();
        else controller.enqueue(event(next.value));
      } catch (error) {
        const record = asRecord(error);
        // An error that the host reported in the stream keeps its words; any other is a broken connection.
        if (record === undefined || asNumber(record['status']) === undefined) throw error;
        controller.enqueue(event(bodyOfClientError(record)));
        controller.close();
      }
    },
    async cancel() {
      await chunks.return?.();
    },
  });
}

/** A client may look at no signal that is aborted already, and may take its time when it is aborted later. */
async function callClient<Answer>({ signal, make, provider }: ClientCall<Answer>): Promise<Answer> {
  signal.throwIfAborted();
  try {
    return await make();
  } catch (error) {
    signal.throwIfAborted();
    throw toClientError(error, provider);
  }
}
