import { Chain } from 'katamari';
import { prometheus } from 'katamari/prometheus';
import { createHandler } from 'katamari/server';
import { scriptedProvider } from 'katamari/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { get, HELLO, ORIGIN } from './ask.ts';

type Json = Readonly<Record<string, unknown>>;

interface Content {
  readonly content: Readonly<Record<string, { readonly schema?: Json }>>;
}

interface OperationForm {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, OperationForm>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}

const metrics = prometheus();
const handler = createHandler({
  chains: { default: new Chain({ provider: scriptedProvider(['Hi']) }) },
  personas: { terse: { name: 'terse', version: '1' } },
  auth: { keys: ['key-of-the-test-01'] },
  metrics,
});
const KEY = { authorization: 'Bearer key-of-the-test-01' };
const document = (await (await handler(get('/openapi.json', KEY))).json()) as Document;

/** A validator made of the document alone, and not of the schemas that it was made of. */
function validator(schema: Json): z.ZodType {
  const whole = JSON.stringify({ ...schema, $defs: document.components.schemas });
  return z.fromJSONSchema(JSON.parse(whole.replaceAll('#/components/schemas/', '#/$defs/')) as never);
}

/** What each operation is sent. */
const SENT: Readonly<Record<string, { readonly body?: unknown; readonly id?: string }>> = {
  startRun: { body: { ...HELLO, persona: { name: 'own', style: 'short' } } },
  runEvents: { id: 'r-1' },
  stopRun: { id: 'r-1' },
  chatCompletions: { body: { ...HELLO, model: 'katamari/default' } },
  compilePersona: { body: { yaml: 'name: x' } },
  listPersonas: {},
  showPersona: { id: 'terse' },
  listModels: {},
  trim: { body: { ...HELLO, targetTokens: 100 } },
  health: {},
  metrics: {},
  openapi: {},
};

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, form]) => ({ id: form.operationId, path, method, form })),
);

function requestFor(
  { id, path, method }: (typeof operations)[number],
  body = SENT[id]?.body,
  headers: Json = {},
): Request {
  return new Request(`${ORIGIN}${path.replace('{id}', SENT[id]?.id ?? '')}`, {
    method: method.toUpperCase(),
    headers: { ...KEY, 'content-type': 'application/json', ...headers } as Record<string, string>,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

describe('the OpenAPI document', () => {
  it('is one, and tells of every operation that there is', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(operations.map(({ id }) => id).toSorted()).toEqual(Object.keys(SENT).toSorted());
    expect(operations.filter(({ form }) => form.security?.length === 0).map(({ id }) => id)).toEqual([
      'health',
    ]);
  });

  it('has only references that lead somewhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(20);
    for (const [, name] of references) expect(document.components.schemas).toHaveProperty(name ?? '');
  });

  it('describes a persona as persona files are', () => {
    const persona = validator(document.components.schemas['Persona'] ?? {});
    expect(persona.safeParse({ name: 'x', forbid: ['y'] }).success).toBe(true);
    expect(persona.safeParse({ name: 'x', stlye: 'y' }).success).toBe(false);
  });

  it.each(operations)('is true of $id: what is sent and what comes back', async (operation) => {
    const { form, id } = operation;
    // A run that was answered with events is there to be read and stopped.
    if (SENT[id]?.id === 'r-1' && id === 'runEvents') {
      const start = operations.find((other) => other.id === 'startRun') ?? operation;
      await (await handler(requestFor(start, { ...HELLO, stream: true }, { 'x-request-id': 'r-1' }))).text();
    }
    const schema = form.requestBody?.content['application/json']?.schema;
    if (schema !== undefined) expect(validator(schema).safeParse(SENT[id]?.body).error).toBeUndefined();
    const response = await handler(requestFor(operation));
    expect(response.status).toBe(200);
    const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
    const answer = form.responses['200']?.content[type];
    expect(answer).toBeDefined();
    const text = await response.text();
    if (answer?.schema === undefined) return;
    const answers =
      type === 'application/json'
        ? [text]
        : [...text.matchAll(/^data: (.*)$/gm)].map((match) => match[1] ?? '');
    expect(answers.length).toBeGreaterThan(0);
    const check = validator(answer.schema);
    for (const json of answers) expect(check.safeParse(JSON.parse(json)).error).toBeUndefined();
  });

  it('is true of chunks, too', async () => {
    const operation = operations.find(({ id }) => id === 'chatCompletions');
    if (operation === undefined) throw new Error('no such operation');
    const body = {
      ...HELLO,
      model: 'katamari/default',
      stream: true,
      stream_options: { include_usage: true },
    };
    const text = await (await handler(requestFor(operation, body))).text();
    const check = validator(operation.form.responses['200']?.content['text/event-stream']?.schema ?? {});
    const chunks = [...text.matchAll(/^data: (\{.*)$/gm)].map(
      ([, json]) => JSON.parse(json ?? '') as unknown,
    );
    expect(chunks.length).toBeGreaterThan(2);
    for (const chunk of chunks) expect(check.safeParse(chunk).error).toBeUndefined();
  });

  it.each(operations.filter(({ form }) => form.requestBody !== undefined))(
    'refuses for $id what the server refuses',
    async (operation) => {
      const { form } = operation;
      for (const body of [
        {},
        { messages: [] },
        { messages: [{ role: 'nobody', content: 'x' }], model: 'katamari/default' },
      ]) {
        const schema = form.requestBody?.content['application/json']?.schema ?? {};
        // That one of two must be there is more than a JSON Schema of ours says.
        if (operation.id !== 'compilePersona') expect(validator(schema).safeParse(body).success).toBe(false);
        const response = await handler(requestFor(operation, body));
        expect(response.status).toBe(400);
        const error = form.responses['default']?.content['application/json']?.schema ?? {};
        expect(validator(error).safeParse(await response.json()).error).toBeUndefined();
      }
    },
  );
});
