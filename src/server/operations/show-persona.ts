import type { Persona, PersonaValue } from '../../persona/persona.ts';
import { renderWith } from '../../persona/render-persona.ts';
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
    const { prompt } = renderWith(persona, defaultsOf(persona), {});
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

/** Variables without a value stay as they are written: what they will be is the run's to say. */
function defaultsOf({ variables = {} }: Persona): ReadonlyMap<string, PersonaValue> {
  const values = Object.entries(variables).map(([name, variable]) => [name, variable.default] as const);
  return new Map(values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}
