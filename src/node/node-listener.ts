import type { IncomingMessage, ServerResponse } from 'node:http';

/** What can be served: the handler of `katamari/server`, or any function from request to response. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

/** What `node:http`, Express and Fastify call for a request. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => void;

/** How long what is left of a body that is too large is let run by, in milliseconds: a client that still writes could not read why. */
const LINGER_MS = 1000;

/**
 * A handler as Node's own servers take one. A client that leaves aborts the request's signal, one that reads slowly slows down what it reads.
 * Nothing may have read the body before.
 *
 * @example createServer(nodeListener(handler)).listen(8787, '127.0.0.1');
 */
export function nodeListener(handler: FetchHandler): NodeListener {
  const loading = import('@remix-run/node-fetch-server');
  return (request, response) => {
    void loading.then(({ createRequestListener }) => {
      const answer = async (asked: Request): Promise<Response> =>
        closingWhereUnread(await handler(asked), asked, request);
      return createRequestListener(answer, { onError: () => undefined })(request, response);
    });
  };
}

/** Where a body was given up, what is left of it must not be taken for the next request. */
async function closingWhereUnread(
  response: Response,
  asked: Request,
  request: IncomingMessage,
): Promise<Response> {
  if (response.status !== 413 && response.status !== 408) return response;
  if (response.status === 413) await runBy(asked, request);
  const headers = new Headers(response.headers);
  headers.set('connection', 'close');
  return new Response(response.body, { status: response.status, headers });
}

async function runBy(asked: Request, request: IncomingMessage): Promise<void> {
  if (asked.body?.locked === false) await asked.body.cancel();
  if (request.complete || request.destroyed) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, LINGER_MS);
    const end = (): void => {
      clearTimeout(timer);
      resolve();
    };
    request.once('end', end).once('close', end).resume();
  });
}
