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
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  // A refusal is told by its text, not by a reason.
  refusal: 'stop',
};

/** `POST /chat/completions`, as OpenAI answers it with `stream_options.include_usage`. */
export const openaiChatEncoder: ProtocolEncoder = {
  protocol: 'openai-chat',
  finishReasons: Object.keys(reasons) as FinishReason[],
  usageFields: ['token_in', 'token_out', 'token_cache_read', 'token_cache_write', 'token_reasoning'],
  hasTerminalEvent: true,
  lineEnd: '\n',
  encode,
  errorBody: (status, message) => ({ error: { message, type: typeOf(status), param: null, code: null } }),
  errorEvents: (message) => [jsonEvent({ error: { message, type: 'overloaded_error', code: 503 } })],
  noise: [
    jsonEvent({ id: 'chatcmpl-1', object: 'chat.completion.chunk', model: 'test-1', choices: [] }),
    jsonEvent({ type: 'of_tomorrow', number: 1 }, 'of_tomorrow'),
  ],
};

function encode(answer: WholeWireAnswer): EncodedAnswer {
  const { text, reasoning, toolCalls, usage, finishReason, model } = answer;
  const event = (rest: object): WireEvent =>
    jsonEvent({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model, ...rest });
  const chunk = (delta: object, finish: string | null = null): WireEvent =>
    event({ choices: [{ index: 0, delta, finish_reason: finish }], usage: null });
  const field = finishReason === 'refusal' ? 'refusal' : 'content';
  return {
    opening: [chunk({ role: 'assistant', content: '' })],
    content: [
      ...reasoning.map((piece) => chunk({ reasoning_content: piece })),
      ...text.map((piece) => chunk({ [field]: piece })),
      ...toolCalls.flatMap(({ id, name, arguments: json }, index) => [
        chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
        ...halves(json).map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
      ]),
    ],
    ending: [
      chunk({}, reasons[finishReason] ?? finishReason),
      ...(usage === null ? [] : [event({ choices: [], usage: toVendorUsage(usage) })]),
      { data: '[DONE]' },
    ],
  };
}

function toVendorUsage(usage: Usage): object {
  const { token_in, token_out, token_cache_read, token_cache_write, token_reasoning } = usage;
  return {
    prompt_tokens: token_in,
    completion_tokens: token_out,
    total_tokens: token_in + token_out,
    prompt_tokens_details: { cached_tokens: token_cache_read, cache_write_tokens: token_cache_write },
    completion_tokens_details: { reasoning_tokens: token_reasoning },
  };
}

function typeOf(status: number): string {
  if (status === 429) return 'requests';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}
