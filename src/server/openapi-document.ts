import { z } from 'zod';

import { personaJsonSchema } from '../persona/persona-schema.ts';
import {
  chatChunkSchema,
  chatCompletionSchema,
  chatErrorSchema,
  chatRequestSchema,
} from './chat/chat-schemas.ts';
import type { AnswerForm, Operation } from './operation.ts';
import { messageSchema } from './schemas/message-schema.ts';
import {
  compileRequestSchema,
  compileResultSchema,
  personaDetailSchema,
  personaListSchema,
} from './schemas/persona-schemas.ts';
import { personaObjectSchema } from './schemas/persona-source-schema.ts';
import { chainEventSchema, runRequestSchema, runResultSchema, stoppedSchema } from './schemas/run-schema.ts';
import { errorSchema, healthSchema, modelListSchema } from './schemas/server-schemas.ts';
import { trimRequestSchema, trimResultSchema } from './schemas/trim-schemas.ts';

/** The schemas that the document names; what is in none of them is written where it stands. */
const NAMED = {
  ChainEvent: chainEventSchema,
  ChatChunk: chatChunkSchema,
  ChatCompletion: chatCompletionSchema,
  ChatError: chatErrorSchema,
  ChatRequest: chatRequestSchema,
  CompileRequest: compileRequestSchema,
  CompileResult: compileResultSchema,
  Error: errorSchema,
  Health: healthSchema,
  Message: messageSchema,
  ModelList: modelListSchema,
  Persona: personaObjectSchema,
  PersonaDetail: personaDetailSchema,
  PersonaList: personaListSchema,
  RunRequest: runRequestSchema,
  RunResult: runResultSchema,
  Stopped: stoppedSchema,
  TrimRequest: trimRequestSchema,
  TrimResult: trimResultSchema,
};

type Json = Readonly<Record<string, unknown>>;

/** The OpenAPI 3.1 document of the operations, made from the schemas that requests are checked with. */
export function openapiDocument(operations: readonly Operation[], basePath = ''): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of operations) {
    const path = `${basePath}${operation.path.replaceAll(/:(\w+)/g, '{$1}')}`;
    (paths[path] ??= {})[operation.method.toLowerCase()] = operationForm(operation);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'katamari',
      version: '1',
      description:
        'Chains of persona, trim and reflect over HTTP. Events, metrics and errors are those of katamari.',
    },
    paths,
    components: {
      schemas: schemas(),
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    },
    security: [{ bearer: [] }],
  };
}

function schemas(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: referenceTo, io: 'input' });
  const components = Object.entries(schemas).map(([id, schema]) => [id, component(schema)] as const);
  // Said more closely than it is checked here: `parsePersona` gives the better messages.
  return { ...Object.fromEntries(components), Persona: component(personaJsonSchema()) };
}

/** A part of the document has neither a dialect nor a name of its own. */
function component(schema: Json): Json {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'));
}

function referenceTo(id: string): string {
  return `#/components/schemas/${id}`;
}

function operationForm(operation: Operation): Json {
  const { id, summary, body, isOpen, answers, errorStyle } = operation;
  const error = { description: 'An error.', schema: errorStyle === 'openai' ? chatErrorSchema : errorSchema };
  return {
    operationId: id,
    summary,
    ...(isOpen === true && { security: [] }),
    parameters: parametersOf(operation),
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } },
    }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, forms]) => [status, answerForm(forms)])),
      default: answerForm([error]),
    },
  };
}

function parametersOf({ path, parameters = [] }: Operation): readonly Json[] {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  return [...inPath, ...parameters.map((parameter) => ({ ...parameter, schema: { type: 'string' } }))];
}

function answerForm(forms: readonly AnswerForm[]): Json {
  const content = forms.map(({ contentType = 'application/json', schema }) => [
    contentType,
    schema === undefined ? {} : { schema: schemaOf(schema) },
  ]);
  return {
    description: forms.map(({ description }) => description).join(' Or: '),
    content: Object.fromEntries(content) as Json,
  };
}

function schemaOf(schema: z.ZodType): Json {
  const name = Object.entries(NAMED).find(([, named]) => named === schema)?.[0];
  if (name === undefined) throw new TypeError('A schema of an operation has no name in the document.');
  return { $ref: referenceTo(name) };
}
