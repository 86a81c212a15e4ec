import type { FinishReason, Usage } from '../../event.ts';
import {
  halves,
  jsonEvent,
  type EncodedAnswer,
  type ProtocolEncoder,
  type WholeWireAnswer,
  type WireEvent,
} from '../wire-answer.ts';

const reasons: Partial<Record<FinishReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  refusal: 'refusal',
};

const errorTypes: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** `POST /v1/messages`, as Anthropic answers it. */
export const anthropicMessagesEncoder: ProtocolEncoder = {
  protocol: 'anthropic-messages',
  finishReasons: Object.keys(reasons) as FinishReason[],
  usageFields: ['token_in', 'token_out', 'token_cache_read', 'token_cache_write', 'token_reasoning'],
  hasTerminalEvent: true,
  lineEnd: '\n',
  encode,
  errorBody: (status, message) => ({
    type: 'error',
    error: {
      type: errorTypes[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error'),
      message,
    },
    request_id: 'req_1',
  }),
  errorEvents: (message) => [event('error', { error: { type: 'overloaded_error', message } })],
  noise: [event('ping', {}), event('of_tomorrow', { number: 1 })],
};

function encode(answer: WholeWireAnswer): EncodedAnswer {
  const blocks = [
    ...(answer.reasoning.length === 0 ? [] : [thought(answer.reasoning)]),
    ...(answer.text.length === 0 ? [] : [spoken(answer.text)]),
    ...answer.toolCalls.map(called),
  ];
  const reason = reasons[answer.finishReason] ?? answer.finishReason;
  return {
    opening: [messageStart(answer)],
    content: blocks.flatMap(({ block, deltas }, index) => [
      event('content_block_start', { index, content_block: block }),
      ...deltas.map((delta) => event('content_block_delta', { index, delta })),
      event('content_block_stop', { index }),
    ]),
    ending: [
      event('message_delta', {
        delta: { stop_reason: reason, stop_sequence: null },
        ...(answer.usage === null ? {} : { usage: finalUsage(answer.usage) }),
      }),
      event('message_stop', {}),
    ],
  };
}

function messageStart({ model, usage }: WholeWireAnswer): WireEvent {
  const message = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
  };
  return event('message_start', {
    message: usage === null ? message : { ...message, usage: { ...inputUsage(usage), output_tokens: 1 } },
  });
}

interface Block {
  readonly block: object;
  readonly deltas: readonly object[];
}

function thought(pieces: readonly string[]): Block {
  return {
    block: { type: 'thinking', thinking: '', signature: '' },
    deltas: [
      ...pieces.map((thinking) => ({ type: 'thinking_delta', thinking })),
      { type: 'signature_delta', signature: 'c2lnbmVk' },
    ],
  };
}

function spoken(pieces: readonly string[]): Block {
  return {
    block: { type: 'text', text: '' },
    deltas: pieces.map((text) => ({ type: 'text_delta', text })),
  };
}

function called({ id, name, arguments: json }: WholeWireAnswer['toolCalls'][number]): Block {
  return {
    block: { type: 'tool_use', id, name, input: {} },
    deltas: halves(json).map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
  };
}

/** The vendor's input leaves out what was read from and written to the cache. */
function inputUsage({ token_in, token_cache_read, token_cache_write }: Usage): object {
  return {
    input_tokens: token_in - (token_cache_read ?? 0) - (token_cache_write ?? 0),
    cache_read_input_tokens: token_cache_read,
    cache_creation_input_tokens: token_cache_write,
  };
}

/** Cumulative: it repeats the input. */
function finalUsage(usage: Usage): object {
  const { token_out, token_reasoning } = usage;
  const details =
    token_reasoning === undefined ? {} : { output_tokens_details: { thinking_tokens: token_reasoning } };
  return { ...inputUsage(usage), output_tokens: token_out, ...details };
}

function event(type: string, fields: object): WireEvent {
  return jsonEvent({ type, ...fields }, type);
}
