import { compilePersona } from '../../persona/compile-persona.ts';
import { jsonResponse } from '../json-response.ts';
import { operation } from '../operation.ts';
import { summaryOf } from '../persona-view.ts';
import { personaDetailSchema } from '../schemas/persona-schemas.ts';

/** `GET /v1/personas/:id` */
export const showPersona = operation({
  id: 'showPersona',
  method: 'GET',
  path: '/v1/personas/:id',
  summary: 'A persona, and the prompt that it becomes.',
  answers: { 200: [{ description: 'The persona.', schema: personaDetailSchema }] },
  async handle({ params, server }) {
    const id = params['id'] ?? '';
    const persona = server.personas.get(id);
    const prompt = compilePersona(persona);
    const tokens = (await server.counters.of()).count(prompt);
    const yaml = server.personas.yaml(id);
    return jsonResponse({
      ...summaryOf(id, persona),
      persona,
      prompt,
      tokens,
      ...(yaml !== undefined && { yaml }),
    });
  },
});
