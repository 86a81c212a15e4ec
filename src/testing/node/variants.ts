import {
  jsonEvent,
  type Protocol,
  type ProtocolEncoder,
  type WireAnswer,
  type WireEvent,
} from '../wire-answer.ts';
import { eventsOf, plain, rich } from './sample-answers.ts';

/** Another way in which hosts of a protocol say the same. */
export interface AnswerVariant {
  readonly what: string;
  readonly answer: WireAnswer;
  readonly events: readonly WireEvent[];
}

type Json = Record<string, unknown>;

/** The ways known of the protocol. */
export function variantsOf(encoder: ProtocolEncoder): AnswerVariant[] {
  const usual = (answer: WireAnswer): readonly WireEvent[] => eventsOf(encoder, answer);
  return variants[encoder.protocol](usual);
}

type MakeVariants = (usual: (answer: WireAnswer) => readonly WireEvent[]) => AnswerVariant[];

const variants: Readonly<Record<Protocol, MakeVariants>> = {
  'openai-chat': (usual) => [
    { what: 'no [DONE] at the end', answer: plain, events: usual(plain).slice(0, -1) },
    { what: 'two [DONE]', answer: plain, events: [...usual(plain), { data: '[DONE]' }] },
    {
      what: 'usage in the chunk that says why it ended',
      answer: plain,
      events: withUsageAtFinish(usual(plain)),
    },
    {
      what: 'usage so far on every chunk: the last one counts',
      answer: plain,
      events: withRunningUsage(usual(plain)),
    },
    {
      what: 'a first chunk without choices, deltas without content',
      answer: plain,
      events: [
        jsonEvent({ id: '', object: '', model: '', choices: [], prompt_filter_results: [] }),
        ...edited(
          usual(plain),
          (json) => void Object.assign(firstDelta(json) ?? {}, { refusal: null, tool_calls: null }),
        ),
      ],
    },
    {
      what: 'reasoning under its other name',
      answer: rich,
      events: edited(usual(rich), (json) => {
        const delta = firstDelta(json);
        if (delta?.['reasoning_content'] === undefined) return;
        delta['reasoning'] = delta['reasoning_content'];
        delete delta['reasoning_content'];
      }),
    },
  ],
  'openai-responses': (usual) => [
    { what: 'a [DONE] at the end', answer: plain, events: [...usual(plain), { data: '[DONE]' }] },
    {
      what: 'keep-alive events in between',
      answer: rich,
      events: between(usual(rich), { type: 'keepalive' }),
    },
  ],
  'anthropic-messages': (usual) => [
    { what: 'a ping before every event', answer: rich, events: between(usual(rich), { type: 'ping' }) },
    {
      what: 'input tokens at the start only',
      answer: plain,
      events: edited(usual(plain), (json) => {
        if (json['type'] === 'message_delta') delete (json['usage'] as Json)['input_tokens'];
      }),
    },
  ],
  'google-generate': (usual) => [
    {
      what: 'the finish reason on a chunk without content',
      answer: plain,
      events: edited(usual(plain), dropLastContent),
    },
    {
      what: 'the finish reason on the chunk with the last text',
      answer: { ...plain, text: ['Hello'] },
      events: mergedGoogle(usual({ ...plain, text: ['Hello'] })),
    },
  ],
};

function edited(events: readonly WireEvent[], edit: (json: Json) => void): WireEvent[] {
  return events.map((event) => {
    if (!event.data.startsWith('{')) return event;
    const json = JSON.parse(event.data) as Json;
    edit(json);
    return { ...event, data: JSON.stringify(json) };
  });
}

function between(events: readonly WireEvent[], data: Json): WireEvent[] {
  return events.flatMap((event) => [jsonEvent(data, String(data['type'])), event]);
}

function firstDelta(json: Json): Json | undefined {
  const [choice] = json['choices'] as (Json | undefined)[];
  return choice?.['delta'] as Json | undefined;
}

/** The last three events are the finish, the usage, and `[DONE]`. */
function withUsageAtFinish(events: readonly WireEvent[]): WireEvent[] {
  const [finish, usage, done] = events.slice(-3);
  if (finish === undefined || usage === undefined || done === undefined) return [];
  const merged = { ...(JSON.parse(finish.data) as Json), usage: (JSON.parse(usage.data) as Json)['usage'] };
  return [...events.slice(0, -3), jsonEvent(merged), done];
}

function withRunningUsage(events: readonly WireEvent[]): WireEvent[] {
  let completion = 0;
  return edited(events, (json) => {
    json['usage'] ??= { prompt_tokens: 9, completion_tokens: completion++, total_tokens: 9 + completion };
  });
}

function dropLastContent(json: Json): void {
  const [candidate] = json['candidates'] as Json[];
  if (candidate?.['finishReason'] !== undefined) delete candidate['content'];
}

/** The last two chunks as one: the text of the one, the rest of the other. */
function mergedGoogle(events: readonly WireEvent[]): WireEvent[] {
  const [said, ended] = events.slice(-2).map((event) => JSON.parse(event.data) as { candidates: Json[] });
  const candidate = { ...ended?.candidates[0], content: said?.candidates[0]?.['content'] };
  return [...events.slice(0, -2), jsonEvent({ ...ended, candidates: [candidate] })];
}
