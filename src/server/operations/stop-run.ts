import { jsonResponse } from '../json-response.ts';
import { operation } from '../operation.ts';
import { stoppedSchema } from '../schemas/run-schema.ts';

/** `DELETE /v1/runs/:id` */
export const stopRun = operation({
  id: 'stopRun',
  method: 'DELETE',
  path: '/v1/runs/:id',
  summary: 'Stops a run of this key, wherever it is executed. Its readers get the closing events.',
  answers: { 200: [{ description: 'The run has been told to stop, or had ended.', schema: stoppedSchema }] },
  async handle({ client, params, server }) {
    const req_id = params['id'] ?? '';
    return jsonResponse({ req_id, stopped: await server.desk.stop(client, req_id) });
  },
});
