import { jsonResponse } from '../json-response.ts';
import { operation } from '../operation.ts';
import { healthSchema } from '../schemas/server-schemas.ts';

/** `GET /healthz` */
export const showHealth = operation({
  id: 'health',
  method: 'GET',
  path: '/healthz',
  isOpen: true,
  summary:
    'Whether the server takes requests: 200 when it does, 503 with reasons when it does not. Needs no key.',
  answers: {
    200: [
      {
        description: 'It does; `degraded` where a provider keeps failing, which a restart would not mend.',
        schema: healthSchema,
      },
    ],
    503: [
      {
        description: 'It does not: it is shutting down, or can’t reach its event log.',
        schema: healthSchema,
      },
    ],
  },
  async handle({ server }) {
    const { desk, health, clock, bootedAt } = server;
    const fatal = [
      ...(desk.draining ? [{ code: 'draining', message: 'The server is shutting down.' }] : []),
      ...((await health.isLogReachable())
        ? []
        : [{ code: 'event-log-unreachable', message: 'The event log does not answer.' }]),
    ];
    const degraded = health.providerReasons();
    const status = fatal.length > 0 ? 'unavailable' : degraded.length > 0 ? 'degraded' : 'ok';
    const { taken: running, queued } = desk.slots;
    return jsonResponse(
      {
        status,
        reasons: [...fatal, ...degraded],
        running,
        queued,
        uptime_ms: Math.round(clock.now() - bootedAt),
      },
      fatal.length > 0 ? 503 : 200,
    );
  },
});
