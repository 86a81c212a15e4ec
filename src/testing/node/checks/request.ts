import type { ChatRequest } from '../../../request.ts';
import { checkMaker, type ConformanceCheck, type WireKit } from '../check.ts';
import { expectEqual, expectThat } from '../expect-equal.ts';
import { readAnswer } from '../read-answer.ts';
import { eventsOf, plain, replyWith } from '../sample-answers.ts';

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

/** A conversation with everything in it that a request can hold. */
const full: ChatRequest = {
  messages: [
    { role: 'system', content: 'Answer briefly. 簡潔に。' },
    { role: 'user', content: 'How is the weather in 京都?' },
    {
      role: 'assistant',
      content: 'I look it up.',
      toolCalls: [{ id: 'call_weather1', name: 'get_weather', arguments: '{"city":"京都"}' }],
    },
    { role: 'tool', toolCallId: 'call_weather1', content: 'sunny, 21 degrees' },
    { role: 'assistant', content: 'Sunny.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'And what is this?' },
        { type: 'image', image: pixel, mediaType: 'image/png' },
      ],
    },
  ],
  maxOutputTokens: 321,
  temperature: 0.5,
  topP: 0.9,
  stop: ['END'],
  tools: [
    {
      name: 'get_weather',
      description: 'The weather of a city',
      parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
    },
  ],
  toolChoice: 'auto',
};

/** What is sent. */
export function requestChecks({ setup, encoder }: WireKit): ConformanceCheck[] {
  const check = checkMaker('request', setup);
  const reply = replyWith(encoder, eventsOf(encoder, plain));
  return [
    check('is one POST of JSON', reply, async ({ ask, context, server }) => {
      await readAnswer(ask(), context);
      const { method, headers, text } = await server.arrival(1);
      expectEqual([method, server.exchanges.length], ['POST', 1], 'method and number of requests');
      expectThat(
        isJsonType(headers['content-type']),
        'content-type',
        'application/json',
        headers['content-type'],
      );
      expectThat(isRecord(text), 'the body', 'a JSON object', text);
    }),
    check('bears the key in a header and nowhere else', reply, async ({ ask, context, server, apiKey }) => {
      await readAnswer(ask(), context);
      const { url, text } = await server.arrival(1);
      expectThat(!url.includes(apiKey), 'the URL', 'no key in it', url);
      expectThat(!text.includes(apiKey), 'the body', 'no key in it', text);
    }),
    check(
      'bears every text, picture, tool and setting of the conversation',
      reply,
      async ({ ask, context, server }) => {
        await readAnswer(ask(full), context);
        const { text } = await server.arrival(1);
        const values = new Set<unknown>();
        collect(JSON.parse(text), values);
        const texts = [...values].filter((value) => typeof value === 'string').join('\n');
        const wanted = [
          'Answer briefly. 簡潔に。',
          'weather in 京都?',
          'I look it up.',
          'sunny, 21 degrees',
          'Sunny.',
          'And what is this?',
        ];
        for (const part of [...wanted, pixel, 'get_weather', 'The weather of a city']) {
          expectThat(texts.includes(part), 'the body', `${part} in it`, text);
        }
        expectThat(values.has(321), 'the body', 'maxOutputTokens in it', text);
      },
    ),
    check('goes to the model that the request names', reply, async ({ ask, context, server, request }) => {
      await readAnswer(ask({ ...request, model: 'other-model-7' }), context);
      const { url, text } = await server.arrival(1);
      expectThat(
        `${url} ${text}`.includes('other-model-7'),
        'the URL and the body',
        'the model in it',
        `${url} ${text}`,
      );
    }),
    check('survives half of a surrogate pair', reply, async ({ ask, context, server }) => {
      await readAnswer(ask({ messages: [{ role: 'user', content: 'cut \uD83D' }] }), context);
      const { text } = await server.arrival(1);
      expectThat(!/\\ud83d(?!\\ud)/i.test(text), 'the body', 'JSON that a strict parser reads', text);
    }),
  ];
}

function isJsonType(type: string | undefined): boolean {
  return type !== undefined && /^application\/json\b/.test(type);
}

function isRecord(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function collect(value: unknown, values: Set<unknown>): void {
  if (typeof value !== 'object' || value === null) values.add(value);
  else for (const inner of Object.values(value)) collect(inner, values);
}
