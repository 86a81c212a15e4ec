import type { z } from 'zod';

import { compilePersona as compile } from '../../persona/compile-persona.ts';
import { parsePersona } from '../../persona/parse-persona.ts';
import { personaHash } from '../../persona/persona-hash.ts';
import { findPersonaIssues } from '../../persona/persona-issues.ts';
import { definedOnly } from '../defined-only.ts';
import { jsonResponse } from '../json-response.ts';
import { operation } from '../operation.ts';
import { compileRequestSchema, compileResultSchema } from '../schemas/persona-schemas.ts';
import { errorSchema } from '../schemas/server-schemas.ts';

/** `POST /v1/personas/compile` */
export const compilePersona = operation<z.infer<typeof compileRequestSchema>>({
  id: 'compilePersona',
  method: 'POST',
  path: '/v1/personas/compile',
  summary: 'Checks a persona and shows the prompt that it becomes. Nothing is kept.',
  body: compileRequestSchema,
  answers: {
    200: [
      {
        description: 'The persona, its prompt, and what a person should look at.',
        schema: compileResultSchema,
      },
    ],
    422: [
      { description: 'It is no persona: line, column, field, and the line itself.', schema: errorSchema },
    ],
  },
  async handle({ body: { yaml, persona: source, variables, model }, server }) {
    const persona = parsePersona(yaml ?? source);
    const prompt = compile(persona, definedOnly({ variables, model }));
    const tokens = (await server.counters.of(model)).count(prompt);
    const hash = personaHash(persona);
    return jsonResponse({ persona, prompt, tokens, hash, issues: findPersonaIssues(persona) });
  },
});
