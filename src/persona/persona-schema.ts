import { z } from 'zod';

import { findPersonaFault } from './persona-fault.ts';
import { NAME_PATTERN, personaLimits, TERM_PATTERN, VARIABLE_PATTERN } from './persona-limits.ts';

const line = z.string().regex(NAME_PATTERN);
const text = z.string().max(personaLimits.textLength);

const language = z.enum(['en', 'ja']);
const scalar = z.union([text, z.number(), z.boolean()]);
const count = z.int().min(1).max(1_000_000);
const hour = z.int().min(0).max(23);
const model = z.record(line, line);

function oneOrMore<T extends z.ZodType>(value: T) {
  return z.union([value, z.array(value).max(personaLimits.listEntries)]);
}

const variable = z.strictObject({
  type: z.enum(['string', 'number', 'boolean']),
  default: scalar.optional().describe('Without a default, a value must be given.'),
  description: text.optional().describe('For those who give the values.'),
});

const examples = z.array(z.strictObject({ user: text, assistant: text })).max(personaLimits.listEntries);

const format = z.strictObject({
  maxWords: count.optional().describe('The longest answer, in words.'),
  maxCharacters: count.optional().describe('The longest answer, in characters.'),
  headings: z
    .array(line)
    .max(personaLimits.listEntries)
    .optional()
    .describe('The headings of an answer, all of them and in this order.'),
  json: z
    .record(z.string(), z.unknown())
    .optional()
    .describe(
      'The JSON Schema of answers that are JSON. Becomes the response format of requests that have none.',
    ),
});

const sampling = z.strictObject({
  temperature: z.number().min(0).max(2).optional(),
  topP: z.number().min(0).max(1).optional(),
  maxOutputTokens: count.optional(),
  seed: z.int().optional(),
});

const part = z.strictObject({
  if: z
    .strictObject({
      language: oneOrMore(language).optional().describe('Of the conversation.'),
      model: oneOrMore(line).optional().describe('The model that is asked.'),
      provider: oneOrMore(line).optional().describe('The provider that is asked, for example openai.'),
      hour: oneOrMore(hour)
        .optional()
        .describe('Of the day. Holds only where the caller says which hour it is.'),
      variables: z.record(z.string().regex(VARIABLE_PATTERN), oneOrMore(scalar)).optional(),
    })
    .describe('All that is named must hold. A list holds where one of its values does.'),
  style: text.optional(),
  notes: text.optional(),
  examples: examples.optional(),
  model: model.optional(),
  sampling: sampling.optional(),
});

/**
 * A persona, exactly: unknown keys are errors. Descriptions show in editors that know the JSON Schema.
 *
 * What a schema can't say (the size of the whole, which regular expressions will do) is left to `findPersonaFault`, which checks alone where
 * zod must not be loaded; a test holds that what it lets pass, the schema lets pass.
 */
export const personaSchema = z
  .strictObject({
    schema: z
      .literal(1)
      .optional()
      .describe('The schema that the file is written for. 1 is the only one so far.'),
    name: line.describe(
      'Who speaks: one line of 1 to 100 characters. Stands in the prompt, in events and in logs.',
    ),
    version: line
      .optional()
      .describe('The persona’s own version, for example 1.2.0. Stands in events, logs and spans.'),
    language: language.optional().describe('In which language the persona is told who it is, and answers.'),
    extends: line
      .optional()
      .describe('A persona file of the same folder, with its ending, that this one adds to.'),
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
    variables: z
      .record(z.string().regex(VARIABLE_PATTERN), variable)
      .optional()
      .describe('What {{name}} in style, notes, examples, headings and rubric stands for.'),
    examples: examples
      .optional()
      .describe(
        'Exchanges that show how the persona answers. They become messages in front of the conversation.',
      ),
    format: format.optional().describe('The form of answers.'),
    when: z
      .array(part)
      .max(personaLimits.listEntries)
      .optional()
      .describe('Parts that are added where their condition holds.'),
    model: model.optional().describe('The model to ask, by provider name, where the request names none.'),
    sampling: sampling.optional().describe('Sampling, where the request says nothing.'),
    rubric: z
      .array(line)
      .max(personaLimits.listEntries)
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
  const { $schema, ...schema } = z.toJSONSchema(personaSchema, { target: 'draft-2020-12', io: 'input' });
  return { $schema, $id: 'urn:katamari:persona:1', ...schema };
}
