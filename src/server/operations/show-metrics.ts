import { HttpFault } from '../http-fault.ts';
import { operation } from '../operation.ts';

/** `GET /metrics` */
export const showMetrics = operation({
  id: 'metrics',
  method: 'GET',
  path: '/metrics',
  summary: 'Metrics in the text format of Prometheus.',
  answers: { 200: [{ description: 'The metrics.', contentType: 'text/plain' }] },
  async handle({ server }) {
    const { metrics } = server.options;
    if (metrics === undefined) {
      const message =
        'This server has no metrics: pass createHandler({ metrics: registry }) the registry of prom-client.';
      throw new HttpFault(501, 'not-found', message);
    }
    const page = await metrics.metrics();
    return new Response(page, {
      headers: { 'content-type': metrics.contentType, 'cache-control': 'no-store' },
    });
  },
});
