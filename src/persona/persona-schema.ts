import { z } from 'zod';

import { findPersonaFault } from './persona-fault.ts';
import { NAME_PATTERN, personaLimits, TERM_PATTERN } from './persona-limits.ts';

const line = z.string().regex(NAME_PATTERN);
const text = z.string().max(personaLimits.textLength);

/**
 * A persona, exactly: unknown keys are errors. Descriptions show in editors that know the JSON Schema.
 *
 * What a schema can't say (the size of the whole, which regular expressions will do) is left to `findPersonaFault`, which checks alone where
 * zod must not be loaded; a test holds that what it lets pass, the schema lets pass.
 */
export const personaSchema = z
  .strictObject({
    name: line.describe(
      'Who speaks: one line of 1 to 100 characters. Stands in the prompt, in events and in logs.',
    ),
    version: line
      .optional()
      .describe('The persona’s own version, for example 1.2.0. Stands in events, logs and spans.'),
    language: z
      .enum(['en', 'ja'])
      .optional()
      .describe('In which language the persona is told who it is, and answers.'),
    style: text
      .optional()
      .describe('How answers are written: tone, length, form. A block after «|» may hold several lines.'),
    forbid: z
      .array(
        z
          .string()
          .regex(TERM_PATTERN)
          .describe(
            'A term of one line that must not appear in an answer, /a regular expression/ with the flags i, m or s, or class:emoji, class:url, class:email or class:phone.',
          ),
      )
      .max(personaLimits.forbidTerms)
      .optional()
      .describe('What must not appear in an answer, as a list.'),
    notes: text
      .optional()
      .describe('Rules to follow in every answer. A block after «|» may hold several lines.'),
    rubric: z
      .array(line)
      .max(personaLimits.rubricCriteria)
      .optional()
      .describe('What answers are judged by, one line each. Not part of the prompt.'),
  })
  .refine((persona) => findPersonaFault(persona) === undefined)
  .meta({
    title: 'Persona',
    description: 'A persona of katamari: who speaks, how, and what must never be said.',
  });

/** The JSON Schema (draft 2020-12) of a persona file, for editors. What it can't say (the size of the whole) it leaves out. */
export function personaJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(personaSchema, { target: 'draft-2020-12', io: 'input' });
}
