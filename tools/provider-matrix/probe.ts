import { isDeepStrictEqual } from 'node:util';

import type { Usage } from '../../src/event.ts';
import type { Message } from '../../src/message.ts';
import type { ChatRequest } from '../../src/request.ts';
import type { Adapter } from './adapters.ts';
import { ask, defaultsOf, isStreaming } from './ask.ts';

/** What was seen of an adapter, as cells of the tables. */
export interface Findings {
  readonly streaming: string;
  readonly tools: string;
  readonly images: string;
  readonly files: string;
  readonly schema: string;
  readonly cacheMarks: string;
  readonly bound: string;
  readonly reasoning: string;
  readonly notSent: string;
  readonly usage: string;
  readonly url: string;
  readonly keys: string;
}

type JsonRecord = Readonly<Record<string, unknown>>;

/** Tries everything, one thing after the other. */
export async function probe(adapter: Adapter): Promise<Findings> {
  return {
    streaming: yes(await isStreaming(adapter)),
    tools: await tools(adapter),
    images: await media(adapter, (data) => ({ type: 'image', image: data, mediaType: 'image/png' })),
    files: await media(adapter, (data) => ({
      type: 'file',
      data,
      mediaType: 'application/pdf',
      filename: 'a.pdf',
    })),
    schema: await schema(adapter),
    cacheMarks: await cacheMarks(adapter),
    bound: await added(adapter, { maxOutputTokens: 77 }),
    reasoning: await added(adapter, { reasoning: { effort: 'low' } }),
    notSent: await notSent(adapter),
    usage: await usage(adapter),
    ...(await whereabouts(adapter)),
  };
}

async function tools(adapter: Adapter): Promise<string> {
  const properties = { city: { type: 'string' } };
  const tool = { name: 'weather_of', parameters: { type: 'object', properties } };
  const toolCalls = [{ id: 'call_1', name: 'weather_of', arguments: '{"city":"Oslo"}' }];
  const { body, events } = await ask(adapter, { tools: [tool] }, { toolCalls });
  const isSent = JSON.stringify(body['tools'] ?? '').includes('weather_of');
  return yes(isSent && events.some((event) => event.type === 'tool-call' && event.name === 'weather_of'));
}

async function media(
  adapter: Adapter,
  partOf: (data: string) => Exclude<Message['content'], string>[number],
): Promise<string> {
  const ways: string[] = [];
  for (const [way, data] of [
    ['URL', 'https://files.test/a'],
    ['bytes', 'QUJDREVGRw=='],
  ] as const) {
    const message = { role: 'user', content: [{ type: 'text', text: 'Look.' }, partOf(data)] } as Message;
    const { body } = await ask(adapter, { messages: [message] });
    if (JSON.stringify(body).includes(data)) ways.push(way);
  }
  return ways.length === 0 ? 'no' : ways.join(', ');
}

/** A schema stands in a field of its own, or is told to the model in words. */
async function schema(adapter: Adapter): Promise<string> {
  const properties = { weather_of_city: { type: 'string' } };
  const wanted = { type: 'object', properties, required: ['weather_of_city'], additionalProperties: false };
  const { body } = await ask(adapter, { responseFormat: { type: 'json', schema: wanted } });
  if (holds(body, (value) => isDeepStrictEqual(value, wanted))) return 'field';
  return JSON.stringify(body).includes('weather_of_city') ? 'in words' : 'no';
}

async function cacheMarks(adapter: Adapter): Promise<string> {
  const messages: Message[] = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hello' },
    { role: 'assistant', content: 'Hello' },
    { role: 'user', content: 'And?' },
  ];
  const { body } = await ask(adapter, { messages });
  return yes(JSON.stringify(body).includes('"cache_control"'));
}

/** The fields of the body that a setting adds or changes, with their values. */
async function added(adapter: Adapter, request: Partial<ChatRequest>): Promise<string> {
  const [plain, other] = [(await ask(adapter)).body, (await ask(adapter, request)).body];
  const fields = Object.entries(other).filter(([key, value]) => !isDeepStrictEqual(plain[key], value));
  return fields.length === 0
    ? 'not sent'
    : fields.map(([key, value]) => code(`${key}: ${JSON.stringify(value)}`)).join(', ');
}

/** What the adapter says it has left out of a request with all the sampling there is. */
async function notSent(adapter: Adapter): Promise<string> {
  const { events } = await ask(adapter, { temperature: 0.5, topP: 0.9, stop: ['END'], seed: 7 });
  const paths = events
    .map((event) => (event.type === 'issue' ? (event.path ?? '') : ''))
    .filter((path) => path !== '');
  return paths.length === 0 ? '–' : paths.map(code).join(', ');
}

/** One answer's usage in the vendor's own convention, and which parts come out as they were meant. */
async function usage(adapter: Adapter): Promise<string> {
  const meant: Usage = { token_in: 100, token_out: 20, token_cache_read: 60, token_reasoning: 5 };
  const { events } = await ask(adapter, {}, { text: ['Hi'], usage: meant });
  const end = events.find((event) => event.type === 'attempt-end');
  const read: JsonRecord = {
    ...(end?.type === 'attempt-end' && end.outcome === 'completed' ? end.usage : undefined),
  };
  const parts = Object.entries(meant).filter(([key, value]) => read[key] === value);
  return parts.map(([key]) => code(key)).join(', ');
}

async function whereabouts(adapter: Adapter): Promise<Pick<Findings, 'url' | 'keys'>> {
  const { url } = await defaultsOf(adapter, adapter.keyVariables[0]);
  const keys: string[] = [];
  for (const variable of adapter.keyVariables) {
    const { headers } = await defaultsOf(adapter, variable);
    if (headers.includes('the-key')) keys.push(code(variable));
  }
  return { url: code(url), keys: keys.length === 0 ? 'none' : keys.join(', ') };
}

function holds(value: unknown, matches: (value: unknown) => boolean): boolean {
  if (matches(value)) return true;
  return (
    typeof value === 'object' && value !== null && Object.values(value).some((inner) => holds(inner, matches))
  );
}

function yes(found: boolean): string {
  return found ? 'yes' : 'no';
}

function code(text: string): string {
  return `\`${text}\``;
}
