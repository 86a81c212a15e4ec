export { beginEvents as beginSse, sendJson, write } from '../../src/testing/node/send.ts';

/** The bytes in pieces that end at the given offsets. */
export function cut(bytes: Uint8Array, offsets: readonly number[]): Uint8Array[] {
  const ends = [...new Set(offsets.map((offset) => offset % (bytes.length + 1)))].toSorted((a, b) => a - b);
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (const end of [...ends, bytes.length]) {
    if (end > start) pieces.push(bytes.subarray(start, end));
    start = Math.max(start, end);
  }
  return pieces;
}

/** One chunk of a chat completion, as an SSE event. */
export function chatChunk(
  delta: Readonly<Record<string, unknown>>,
  finishReason: string | null = null,
): string {
  const choices = [{ index: 0, delta, finish_reason: finishReason }];
  return `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', model: 'test-1', choices })}\n\n`;
}

/** The events that end a good answer: finish, usage and `[DONE]`. */
export function chatEnding(
  usage: Readonly<Record<string, unknown>> = { prompt_tokens: 9, completion_tokens: 2 },
): string {
  const last = { id: 'chatcmpl-1', object: 'chat.completion.chunk', model: 'test-1', choices: [], usage };
  return `${chatChunk({}, 'stop')}data: ${JSON.stringify(last)}\n\ndata: [DONE]\n\n`;
}
