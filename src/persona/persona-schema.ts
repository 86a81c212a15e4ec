import { z } from 'zod';

import { forbidEntryFault } from './forbid-entry.ts';
import { NAME_PATTERN, personaLimits, TERM_PATTERN } from './persona-limits.ts';
import { textLengthOf } from './text-length.ts';

const text = z.string().max(personaLimits.textLength);

/**
 * A persona, exactly: unknown keys are errors. Descriptions show in editors that know the JSON Schema.
 *
 * Whether a value is a persona is decided here for files, and by `findPersonaFault` at the step, which must not load zod; a test holds
 * that the two agree.
 */
export const personaSchema = z
  .strictObject({
    name: z
      .string()
      .regex(NAME_PATTERN)
      .describe('Who speaks: one line of 1 to 100 characters. Stands in the prompt, in events and in logs.'),
    style: text
      .optional()
      .describe('How answers are written: tone, length, form. A block after «|» may hold several lines.'),
    forbid: z
      .array(
        z
          .string()
          .regex(TERM_PATTERN)
          .refine((entry) => forbidEntryFault(entry) === undefined)
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
  })
  .refine((persona) => textLengthOf(persona) <= personaLimits.textLength)
  .meta({
    title: 'Persona',
    description: 'A persona of katamari: who speaks, how, and what must never be said.',
  });

/** The JSON Schema (draft 2020-12) of a persona file, for editors. What it can't say (the size of the whole) it leaves out. */
export function personaJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(personaSchema, { target: 'draft-2020-12', io: 'input' });
}
