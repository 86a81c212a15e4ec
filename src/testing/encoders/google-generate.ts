import type { FinishReason, Usage } from '../../event.ts';
import {
  jsonEvent,
  type EncodedAnswer,
  type ProtocolEncoder,
  type WholeWireAnswer,
  type WireEvent,
} from '../wire-answer.ts';

const reasons: Partial<Record<FinishReason, string>> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  // Calls end with STOP like everything else.
  'tool-calls': 'STOP',
  'content-filter': 'SAFETY',
};

const statusWords: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

/** `POST …:streamGenerateContent?alt=sse`, as Gemini answers it. */
export const googleGenerateEncoder: ProtocolEncoder = {
  protocol: 'google-generate',
  finishReasons: Object.keys(reasons) as FinishReason[],
  usageFields: ['token_in', 'token_out', 'token_cache_read', 'token_reasoning'],
  hasTerminalEvent: false,
  lineEnd: '\r\n',
  encode,
  errorBody: (status, message) => ({ error: errorOf(status, message) }),
  errorEvents: (message) => [jsonEvent({ error: errorOf(503, message) })],
  noise: [
    jsonEvent({ candidates: [{ content: { role: 'model' }, index: 0 }], modelVersion: 'test-1' }),
    jsonEvent({ type: 'of_tomorrow', number: 1 }),
  ],
};

function encode(answer: WholeWireAnswer): EncodedAnswer {
  const { text, reasoning, toolCalls, usage, finishReason, model } = answer;
  const chunk = (parts: readonly object[], rest: object = {}, metadata?: object): WireEvent =>
    jsonEvent({
      candidates: [{ content: { parts, role: 'model' }, ...rest, index: 0 }],
      ...(metadata === undefined ? {} : { usageMetadata: metadata }),
      modelVersion: model,
      responseId: 'resp-1',
    });
  // Nearly every chunk bears the usage so far; the last one counts.
  const running =
    usage === null ? undefined : { promptTokenCount: usage.token_in, totalTokenCount: usage.token_in };
  return {
    opening: [],
    content: [
      ...reasoning.map((piece) => chunk([{ text: piece, thought: true }], {}, running)),
      ...text.map((piece) => chunk([{ text: piece }], {}, running)),
      ...toolCalls.map(({ id, name, arguments: json }) =>
        chunk([{ functionCall: { id, name, args: JSON.parse(json) as unknown } }], {}, running),
      ),
    ],
    ending: [
      chunk(
        [{ text: '' }],
        { finishReason: reasons[finishReason] ?? finishReason },
        usage === null ? undefined : toVendorUsage(usage),
      ),
    ],
  };
}

/** The vendor counts thoughts beside the candidates. */
function toVendorUsage({ token_in, token_out, token_cache_read, token_reasoning }: Usage): object {
  return {
    promptTokenCount: token_in,
    candidatesTokenCount: token_out - (token_reasoning ?? 0),
    totalTokenCount: token_in + token_out,
    cachedContentTokenCount: token_cache_read,
    thoughtsTokenCount: token_reasoning,
  };
}

function errorOf(status: number, message: string): object {
  return {
    code: status,
    message,
    status: statusWords[status] ?? (status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT'),
  };
}
