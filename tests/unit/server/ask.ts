import { Chain } from 'katamari';
import { createHandler, type Handler, type HandlerOptions } from 'katamari/server';
import { scriptedProvider, type ScriptSource } from 'katamari/testing';

export const ORIGIN = 'http://server.test';

/** A handler over a scripted provider, without keys unless they are given. */
export function handlerOver(
  scripts: readonly ScriptSource[],
  options: Partial<HandlerOptions> = {},
): Handler {
  const provider = scriptedProvider(scripts);
  return createHandler({ chains: { default: new Chain({ provider }) }, auth: 'none', ...options });
}

/** A request with a JSON body. */
export function post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Request {
  return new Request(`${ORIGIN}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

export function get(path: string, headers: Readonly<Record<string, string>> = {}): Request {
  return new Request(`${ORIGIN}${path}`, { headers });
}

/** Status and body of an answer. */
export async function answerOf(
  response: Response,
): Promise<{ status: number; body: Record<string, unknown> }> {
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Status, code and message of an error. */
export async function errorOf(
  response: Response,
): Promise<{ status: number; code: unknown; message: string; [field: string]: unknown }> {
  const { error } = (await response.json()) as { error: { code: unknown; message: string } };
  return { status: response.status, ...error };
}

export const HELLO = { messages: [{ role: 'user', content: 'Hello' }] } as const;

/** The events of an SSE answer. */
export async function eventsOf(response: Response): Promise<{ id: number; data: Record<string, unknown> }[]> {
  const text = await response.text();
  return [...text.matchAll(/^id: (\d+)\ndata: (.*)$/gm)].map(([, id, data]) => ({
    id: Number(id),
    data: JSON.parse(data ?? '') as Record<string, unknown>,
  }));
}
