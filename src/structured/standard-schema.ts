import { KatamariError } from '../errors.ts';
import type { JsonSchema } from '../request.ts';

/** What a validator found wrong. */
export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/**
 * What zod, valibot, arktype and others have in common (https://standardschema.dev). `jsonSchema` is its companion for JSON Schema, which zod
 * has from 4.2 on.
 */
export interface StandardSchema {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    /** Checks a value. */
    readonly validate: (value: unknown) => StandardResult | Promise<StandardResult>;
    readonly jsonSchema?: {
      /** What a valid value looks like, as JSON Schema. */
      readonly output: (options: { readonly target: string }) => Record<string, unknown>;
    };
  };
}

/** A value, or what is wrong with it. */
export type StandardResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/**
 * The schema as JSON Schema (draft 2020-12).
 *
 * @throws KatamariError code `invalid-input` where the library can't say it; then pass `jsonSchema` by hand
 */
export function toJsonSchema(schema: StandardSchema): JsonSchema {
  const { jsonSchema, vendor } = schema['~standard'];
  if (jsonSchema === undefined) {
    const message = `Schemas of ${vendor} do not tell their JSON Schema; pass it: structured(schema, { jsonSchema }).`;
    throw new KatamariError('invalid-input', message);
  }
  const { $schema: _, ...rest } = jsonSchema.output({ target: 'draft-2020-12' });
  return rest;
}

/** Issues as lines for a person or a model: `items[2].price: expected number`. */
export function describeIssues(issues: readonly StandardIssue[]): string {
  return issues
    .map(({ message, path = [] }) => {
      const place = path.map((part) => keyText(typeof part === 'object' ? part.key : part)).join('');
      return `${place.replace(/^\./, '') || '(whole)'}: ${message}`;
    })
    .join('\n');
}

function keyText(key: PropertyKey): string {
  return typeof key === 'number' ? `[${key}]` : `.${String(key)}`;
}
