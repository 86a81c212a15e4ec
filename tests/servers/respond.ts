import type { ServerResponse } from 'node:http';

/** Begins an event stream with status 200. */
export function beginSse(response: ServerResponse, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    ...headers,
  });
}

/** Answers with a JSON document. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** Writes and waits until the bytes have left the process, so that the next write is a read of its own at the other end. */
export function write(response: ServerResponse, bytes: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    response.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}

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
