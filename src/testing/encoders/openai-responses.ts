import type { FinishReason, Usage } from '../../event.ts';
import {
  halves,
  jsonEvent,
  type EncodedAnswer,
  type ProtocolEncoder,
  type WholeWireAnswer,
  type WireEvent,
} from '../wire-answer.ts';

/** `POST /responses`, as OpenAI answers it. */
export const openaiResponsesEncoder: ProtocolEncoder = {
  protocol: 'openai-responses',
  finishReasons: ['stop', 'length', 'tool-calls', 'content-filter', 'refusal'],
  usageFields: ['token_in', 'token_out', 'token_cache_read', 'token_reasoning'],
  hasTerminalEvent: true,
  lineEnd: '\n',
  encode,
  errorBody: (status, message) => ({ error: { message, type: typeOf(status), param: null, code: null } }),
  errorEvents: (message) => {
    const error = { type: 'server_error', code: 'server_error', message };
    return [
      jsonEvent({ type: 'error', sequence_number: 9, error }, 'error'),
      jsonEvent(
        {
          type: 'response.failed',
          sequence_number: 10,
          response: { id: 'resp_1', object: 'response', status: 'failed', error },
        },
        'response.failed',
      ),
    ];
  },
  noise: [
    jsonEvent({ type: 'keepalive', sequence_number: 3 }, 'keepalive'),
    jsonEvent(
      { type: 'response.of_tomorrow.delta', delta: 'x', item_id: 'ft_1' },
      'response.of_tomorrow.delta',
    ),
  ],
};

/** Writes the events of one item with the index that it has in the output. */
type ItemWriter = (index: number) => readonly WireEvent[];

function encode(answer: WholeWireAnswer): EncodedAnswer {
  const items: ItemWriter[] = [];
  if (answer.reasoning.length > 0) items.push((index) => thought(index, answer.reasoning));
  if (answer.text.length > 0) items.push((index) => spoken(index, answer.text, answer.finishReason));
  for (const call of answer.toolCalls) items.push((index) => called(index, call));
  const response = { id: 'resp_1', object: 'response', created_at: 1, model: answer.model, output: [] };
  const start = { ...response, status: 'in_progress', usage: null };
  return {
    opening: [
      event('response.created', { response: start }),
      event('response.in_progress', { response: start }),
    ],
    content: items.flatMap((write, index) => write(index)),
    ending: [terminal(answer, response)],
  };
}

function terminal({ finishReason, usage }: WholeWireAnswer, response: object): WireEvent {
  const reason = { length: 'max_output_tokens', 'content-filter': 'content_filter' }[finishReason as string];
  const status = reason === undefined ? 'completed' : 'incomplete';
  return event(`response.${status}`, {
    response: {
      ...response,
      status,
      incomplete_details: reason === undefined ? null : { reason },
      usage: usage === null ? null : toVendorUsage(usage),
    },
  });
}

function thought(index: number, pieces: readonly string[]): WireEvent[] {
  const at = { item_id: 'rs_1', output_index: index, summary_index: 0 };
  const text = pieces.join('');
  const part = { type: 'summary_text', text };
  return [
    event('response.output_item.added', {
      output_index: index,
      item: { id: 'rs_1', type: 'reasoning', summary: [] },
    }),
    event('response.reasoning_summary_part.added', { ...at, part: { ...part, text: '' } }),
    ...pieces.map((delta) => event('response.reasoning_summary_text.delta', { ...at, delta })),
    event('response.reasoning_summary_text.done', { ...at, text }),
    event('response.reasoning_summary_part.done', { ...at, part }),
    event('response.output_item.done', {
      output_index: index,
      item: { id: 'rs_1', type: 'reasoning', summary: [part] },
    }),
  ];
}

function spoken(index: number, pieces: readonly string[], finishReason: FinishReason): WireEvent[] {
  const [kind, type, field] =
    finishReason === 'refusal' ? ['refusal', 'refusal', 'refusal'] : ['output_text', 'output_text', 'text'];
  const at = { item_id: 'msg_1', output_index: index, content_index: 0 };
  const text = pieces.join('');
  const part = { type, [field]: text, annotations: [] };
  const item = { id: 'msg_1', type: 'message', role: 'assistant' };
  return [
    event('response.output_item.added', {
      output_index: index,
      item: { ...item, status: 'in_progress', content: [] },
    }),
    event('response.content_part.added', { ...at, part: { ...part, [field]: '' } }),
    ...pieces.map((delta) => event(`response.${kind}.delta`, { ...at, delta })),
    event(`response.${kind}.done`, { ...at, [field]: text }),
    event('response.content_part.done', { ...at, part }),
    event('response.output_item.done', {
      output_index: index,
      item: { ...item, status: 'completed', content: [part] },
    }),
  ];
}

function called(index: number, call: WholeWireAnswer['toolCalls'][number]): WireEvent[] {
  const at = { item_id: `fc_${index}`, output_index: index };
  const item = { id: `fc_${index}`, type: 'function_call', call_id: call.id, name: call.name };
  return [
    event('response.output_item.added', {
      output_index: index,
      item: { ...item, status: 'in_progress', arguments: '' },
    }),
    ...halves(call.arguments).map((delta) =>
      event('response.function_call_arguments.delta', { ...at, delta }),
    ),
    event('response.function_call_arguments.done', { ...at, arguments: call.arguments }),
    event('response.output_item.done', {
      output_index: index,
      item: { ...item, status: 'completed', arguments: call.arguments },
    }),
  ];
}

function event(type: string, fields: object): WireEvent {
  return jsonEvent({ type, sequence_number: 0, ...fields }, type);
}

function toVendorUsage({ token_in, token_out, token_cache_read, token_reasoning }: Usage): object {
  return {
    input_tokens: token_in,
    input_tokens_details: { cached_tokens: token_cache_read },
    output_tokens: token_out,
    output_tokens_details: { reasoning_tokens: token_reasoning },
    total_tokens: token_in + token_out,
  };
}

function typeOf(status: number): string {
  if (status === 429) return 'requests';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}
