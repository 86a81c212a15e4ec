import { z } from 'zod';

/** A persona as JSON; `parsePersona` says what is wrong with one, with the field. */
export const personaObjectSchema = z.looseObject({ name: z.string() });

/** A persona of the server by its id, or one that comes along: as an object, or as the YAML of a persona file. */
export const personaSourceSchema = z.union([
  z.string().min(1).max(256),
  z.strictObject({ yaml: z.string() }),
  personaObjectSchema,
]);

/** Where a persona comes from. */
export type PersonaSource = z.infer<typeof personaSourceSchema>;

/** What stands for the persona's variables. */
export const variablesSchema = z.record(z.string().max(256), z.union([z.string(), z.number(), z.boolean()]));
