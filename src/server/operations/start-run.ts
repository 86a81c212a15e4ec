import type { Run } from '../../run.ts';
import { toSSEResponse } from '../../sse/to-sse-response.ts';
import { askedChain } from '../asked-chain.ts';
import { definedOnly } from '../defined-only.ts';
import { jsonResponse } from '../json-response.ts';
import { operation, type Call } from '../operation.ts';
import {
  runRequestSchema,
  runResultSchema,
  chainEventSchema,
  type RunRequest,
} from '../schemas/run-schema.ts';

/** `POST /v1/runs` */
export const startRun = operation<RunRequest>({
  id: 'startRun',
  method: 'POST',
  path: '/v1/runs',
  summary:
    'Runs a chain: its events as SSE where the client accepts text/event-stream or sends stream: true, else the result.',
  body: runRequestSchema,
  answers: {
    200: [
      { description: 'The result.', schema: runResultSchema },
      {
        description: 'The events; Content-Location says where they can be read again.',
        contentType: 'text/event-stream',
        schema: chainEventSchema,
      },
    ],
  },
  async handle(call) {
    const chain = await call.server.chains.choose(askedChain(call.body, call.server.personas));
    const place = await call.server.desk.enter({
      client: call.client,
      ...call.ids,
      signal: call.request.signal,
    });
    try {
      const wantsEvents = call.body.stream ?? acceptsEvents(call.request);
      const run = chain.stream({
        ...inputOf(call.body),
        ...call.ids,
        ...(!wantsEvents && { signal: call.request.signal }),
        observers: call.server.observers,
      });
      return wantsEvents ? await eventsOf(call, run, place) : await resultOf(run, place);
    } catch (error) {
      place.leave();
      throw error;
    }
  },
});

type Place = Awaited<ReturnType<Call['server']['desk']['enter']>>;

/** A client that leaves may come back: the run goes on for a while. */
async function eventsOf(
  { client, ids, request, server }: Call<RunRequest>,
  run: Run,
  place: Place,
): Promise<Response> {
  await server.desk.host(client, run);
  place.hold(run);
  const { req_id } = run;
  const events = await server.desk.events({ client, req_id, signal: request.signal }, 0);
  const { pingMs, basePath = '' } = server.options;
  return toSSEResponse(server.meter.watch(events), {
    ...definedOnly({ pingMs }),
    clock: server.clock,
    headers: {
      'content-location': `${basePath}/v1/runs/${encodeURIComponent(req_id)}/events`,
      'x-request-id': ids.req_id,
    },
  });
}

/** A client that leaves does not come back for a result: the run's signal is the request's. */
async function resultOf(run: Run, place: Place): Promise<Response> {
  const result = run.result();
  place.hold(run);
  return jsonResponse(await result);
}

function acceptsEvents(request: Request): boolean {
  return /\btext\/event-stream\b/i.test(request.headers.get('accept') ?? '');
}

function inputOf(body: RunRequest) {
  const { messages, temperature, topP, maxOutputTokens, stop, seed, tools } = body;
  const { toolChoice, responseFormat, limits } = body;
  return {
    messages,
    ...definedOnly({ temperature, topP, maxOutputTokens, stop, seed, tools, toolChoice, responseFormat }),
    ...definedOnly({ limits }),
  };
}
