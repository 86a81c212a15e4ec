import { toSSEResponse } from '../../sse/to-sse-response.ts';
import { definedOnly } from '../defined-only.ts';
import { HttpFault } from '../http-fault.ts';
import { operation } from '../operation.ts';
import { chainEventSchema } from '../schemas/run-schema.ts';

/** `GET /v1/runs/:id/events` */
export const runEvents = operation({
  id: 'runEvents',
  method: 'GET',
  path: '/v1/runs/:id/events',
  summary: 'The events of a run of this key, from the beginning or after the last one that was seen.',
  parameters: [
    { name: 'after', in: 'query', description: 'Number of the last event that was seen.' },
    {
      name: 'Last-Event-ID',
      in: 'header',
      description: 'The same, as browsers send it; it goes before `after`.',
    },
  ],
  answers: {
    200: [{ description: 'The events.', contentType: 'text/event-stream', schema: chainEventSchema }],
  },
  async handle({ client, params, query, request, server }) {
    const after = numberOf(request.headers.get('last-event-id') ?? query.get('after') ?? '0');
    const req_id = params['id'] ?? '';
    const events = await server.desk.events({ client, req_id, signal: request.signal }, after);
    const { pingMs } = server.options;
    return toSSEResponse(server.meter.watch(events), {
      ...definedOnly({ pingMs }),
      clock: server.clock,
      headers: { 'x-request-id': req_id },
    });
  },
});

function numberOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new HttpFault(
    400,
    'invalid-input',
    'Last-Event-ID and after are the number of the last event that was seen.',
  );
}
