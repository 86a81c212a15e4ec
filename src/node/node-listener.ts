import type { IncomingMessage, ServerResponse } from 'node:http';

/** What can be served: the handler of `katamari/server`, or any function from request to response. */
export type FetchHandler = (request: Request) => Response | Promise<Response>;

/** What `node:http`, Express and Fastify call for a request. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * A handler as Node's own servers take one. A client that leaves aborts the request's signal, one that reads slowly slows down what it reads.
 * Nothing may have read the body before.
 *
 * @example createServer(nodeListener(handler)).listen(8787, '127.0.0.1');
 */
export function nodeListener(handler: FetchHandler): NodeListener {
  const answer = async (request: Request): Promise<Response> => closingWhereUnread(await handler(request));
  const loading = import('@remix-run/node-fetch-server').then(({ createRequestListener }) =>
    createRequestListener(answer, { onError: () => undefined }),
  );
  return (request, response) => {
    void loading.then((listener) => listener(request, response));
  };
}

/** Where a body was given up, what is left of it must not be taken for the next request. */
function closingWhereUnread(response: Response): Response {
  if (response.status !== 413 && response.status !== 408) return response;
  const headers = new Headers(response.headers);
  headers.set('connection', 'close');
  return new Response(response.body, { status: response.status, headers });
}
