import { systemClock } from '../clock.ts';
import { KatamariError } from '../errors.ts';
import { requestIds, type RequestIds } from '../sse/request-ids.ts';
import { ChainBook } from './chain-book.ts';
import { retryAdvice, toChatError } from './chat/chat-error.ts';
import { checkBody } from './check-body.ts';
import { corsHeaders, preflight } from './cors.ts';
import type { HandlerOptions } from './handler-options.ts';
import { HealthWatch } from './health-watch.ts';
import { HttpFault } from './http-fault.ts';
import { jsonResponse } from './json-response.ts';
import { ANYBODY, KeyRing } from './key-ring.ts';
import type { Operation, ServerParts } from './operation.ts';
import { operations } from './operations.ts';
import { PersonaShelf } from './persona-shelf.ts';
import { RateLimiter } from './rate-limiter.ts';
import { readJson } from './read-json.ts';
import { Router } from './router.ts';
import { RunDesk } from './run-desk.ts';
import { isExpected, safeErrorBody, toErrorAnswer } from './safe-error.ts';
import { StreamMeter } from './stream-meter.ts';
import { TokenCounters } from './token-counters.ts';

/** A server without a socket: give it requests, send its responses. */
export interface Handler {
  /** Answers a request. Never rejects. */
  (request: Request): Promise<Response>;
  /** Runs under way. */
  readonly running: number;
  /**
   * Takes no more runs (503), lets those under way come to their end, and stops what is left after `timeoutMs` milliseconds (30,000 if not
   * said). Everything else is answered until the socket is closed, which is the caller's to do.
   *
   * @returns how many runs were stopped
   */
  close(options?: { readonly timeoutMs?: number }): Promise<number>;
}

/**
 * Chains over HTTP, on any web-standard runtime: `GET /openapi.json` lists what it answers. Mount it wherever there are `Request` and
 * `Response`; on Node, `serve` of `katamari/node` listens.
 *
 * @throws KatamariError code `invalid-input` where an option will not do
 * @example const handler = createHandler({ chains: { default: chain }, auth: { keys: [key] } });
 */
export function createHandler(options: HandlerOptions): Handler {
  checkOptions(options);
  const server = new Server(options);
  const handler = (request: Request): Promise<Response> => server.answer(request);
  return Object.defineProperties(handler, {
    running: { get: () => server.parts.desk.slots.taken, enumerable: true },
    close: { value: ({ timeoutMs = 30_000 } = {}) => server.parts.desk.drain(timeoutMs) },
  }) as Handler;
}

/** What is known of a request so far, for the answer and the log. */
interface Visit {
  readonly request: Request;
  readonly ids: RequestIds;
  operation?: Operation;
  client?: string;
}

class Server {
  readonly parts: ServerParts;
  readonly #options: HandlerOptions;
  readonly #keys: KeyRing;
  readonly #router: Router;
  readonly #limiter: RateLimiter | undefined;

  constructor(options: HandlerOptions) {
    const { clock = systemClock, log, graceMs, runs = {}, onError = () => undefined } = options;
    const desk = new RunDesk({ log, graceMs, limits: runs, clock, onError });
    const health = new HealthWatch(desk.log, clock);
    const meter = new StreamMeter(options.metrics, clock);
    this.#options = options;
    this.#keys = new KeyRing(options.auth);
    this.#router = new Router(operations(), options.basePath ?? '');
    this.#limiter = options.rateLimit && new RateLimiter(options.rateLimit, clock);
    this.parts = {
      options,
      chains: new ChainBook(options.chains),
      personas: new PersonaShelf(options.personas ?? {}),
      desk,
      health,
      counters: new TokenCounters(),
      meter,
      observers: [health.observer(), ...(options.observers ?? [])],
      clock,
      startedAt: Date.now(),
      bootedAt: clock.now(),
    };
  }

  async answer(request: Request): Promise<Response> {
    const { clock, options } = this.parts;
    const [time, startedAt] = [new Date().toISOString(), clock.now()];
    const visit: Visit = { request, ids: requestIds(request) };
    const response = this.#finished(visit, await this.#attempt(visit));
    options.access?.({
      name: 'katamari.access',
      time,
      req_id: visit.ids.req_id,
      method: request.method,
      route: visit.operation?.path ?? null,
      status: response.status,
      latency_ms: clock.now() - startedAt,
      client: visit.client ?? null,
    });
    return response;
  }

  async #attempt(visit: Visit): Promise<Response> {
    try {
      return await this.#admit(visit);
    } catch (error) {
      const { req_id } = visit.ids;
      if (!isExpected(error)) this.#options.onError?.(error, req_id);
      const { status, headers } = toErrorAnswer(error);
      if (visit.operation?.errorStyle === 'openai')
        return jsonResponse(toChatError(error), status, { ...headers, ...retryAdvice(error) });
      return jsonResponse(safeErrorBody(error, req_id), status, headers);
    }
  }

  async #admit(visit: Visit): Promise<Response> {
    const { request } = visit;
    const url = new URL(request.url);
    this.#checkHostname(url.hostname);
    const asked = preflight(request, this.#options.cors, this.#router.methodsOf(url.pathname));
    if (asked !== undefined) return asked;
    const { operation, params } = this.#router.find(request.method, url.pathname);
    visit.operation = operation;
    const client = operation.isOpen === true ? ANYBODY : await this.#keys.identify(request);
    if (operation.isOpen !== true) {
      visit.client = client;
      this.#limiter?.take(client);
    }
    const { ids } = visit;
    const body = await this.#bodyOf(operation, request);
    const call = { request, params, query: url.searchParams, body, client, ids, server: this.parts };
    return operation.handle(call);
  }

  async #bodyOf({ body: schema }: Operation, request: Request): Promise<unknown> {
    if (schema === undefined) return undefined;
    return checkBody(schema, await readJson(request, this.#options.body ?? {}, this.parts.clock));
  }

  #checkHostname(hostname: string): void {
    const { hostnames } = this.#options;
    if (hostnames === undefined || hostnames.includes(hostname)) return;
    throw new HttpFault(421, 'permission', 'This server is not called by that name.');
  }

  /** What every answer bears. */
  #finished({ request, ids }: Visit, response: Response): Response {
    const { headers } = response;
    if (!headers.has('x-request-id')) headers.set('x-request-id', ids.req_id);
    if (ids.traceparent !== undefined) headers.set('traceparent', ids.traceparent);
    headers.set('x-content-type-options', 'nosniff');
    for (const [name, value] of Object.entries(corsHeaders(request, this.#options.cors)))
      headers.set(name, value);
    return request.method === 'HEAD' ? withoutBody(response) : response;
  }
}

function withoutBody(response: Response): Response {
  void response.body?.cancel();
  return new Response(null, { status: response.status, headers: response.headers });
}

/** What a program without types may get wrong, and what would be found out at the first request only. */
function checkOptions({ basePath = '', auth }: HandlerOptions): void {
  if (!/^(?:\/[\w.~-]+)*$/.test(basePath))
    throw new KatamariError(
      'invalid-input',
      "basePath must be a path without a slash at its end, such as '/ai'.",
    );
  if ((auth as unknown) === undefined)
    throw new KatamariError(
      'invalid-input',
      "A server needs auth: { keys: […] }, or 'none' where everybody may call.",
    );
}
