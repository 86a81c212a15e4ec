import { jsonResponse } from '../json-response.ts';
import { operation } from '../operation.ts';
import { summaryOf } from '../persona-view.ts';
import { personaListSchema } from '../schemas/persona-schemas.ts';

/** `GET /v1/personas` */
export const listPersonas = operation({
  id: 'listPersonas',
  method: 'GET',
  path: '/v1/personas',
  summary: 'The personas that runs may ask for by id.',
  answers: { 200: [{ description: 'The personas.', schema: personaListSchema }] },
  handle({ server }) {
    const { personas } = server;
    return jsonResponse({ personas: personas.ids.map((id) => summaryOf(id, personas.get(id))) });
  },
});
