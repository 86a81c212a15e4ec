import type { Clock } from '../clock.ts';
import { HttpFault } from './http-fault.ts';

/** How large a body may be and how long it may take. */
export interface BodyLimits {
  /** Bytes, counted while it is read. @defaultValue 4 MiB */
  readonly maxBodyBytes?: number;
  /** Between two pieces of it, in milliseconds. @defaultValue 10000 */
  readonly bodyIdleMs?: number;
  /** For all of it, in milliseconds. @defaultValue 60000 */
  readonly bodyTotalMs?: number;
  /** Brackets inside brackets. @defaultValue 100 */
  readonly maxJsonDepth?: number;
}

/**
 * A body as JSON, read no further than the limits go.
 *
 * @throws HttpFault 415 for another type, 413 for too many bytes, 408 for a body that dawdles, 400 for what is not JSON in UTF-8, or nested
 * too deeply; 499 where the client left
 */
export async function readJson(request: Request, limits: BodyLimits, clock: Clock): Promise<unknown> {
  checkType(request.headers.get('content-type'));
  const text = decode(await readBytes(request, limits, clock));
  const { maxJsonDepth = 100 } = limits;
  if (depthOf(text) > maxJsonDepth) {
    throw new HttpFault(400, 'invalid-input', `The JSON is nested more than ${maxJsonDepth} deep.`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpFault(400, 'invalid-input', 'The body is not JSON.');
  }
}

/** A page of another site can send any other type without asking first. */
function checkType(type: string | null): void {
  if (/^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type ?? '')) return;
  throw new HttpFault(415, 'invalid-input', 'Send the body as JSON, with «Content-Type: application/json».');
}

async function readBytes(request: Request, limits: BodyLimits, clock: Clock): Promise<Uint8Array> {
  const { maxBodyBytes = 4 * 1024 * 1024, bodyIdleMs = 10_000, bodyTotalMs = 60_000 } = limits;
  if (Number(request.headers.get('content-length') ?? 0) > maxBodyBytes) throw tooLarge(maxBodyBytes);
  const reader = request.body?.getReader();
  if (reader === undefined) throw new HttpFault(400, 'invalid-input', 'The body is missing.');
  const chunks: Uint8Array[] = [];
  const end = clock.now() + bodyTotalMs;
  let bytes = 0;
  try {
    for (;;) {
      const ms = Math.min(bodyIdleMs, end - clock.now());
      const { done, value } = await withinMs(reader.read(), ms, clock);
      if (done) return joined(chunks, bytes);
      bytes += value.length;
      if (bytes > maxBodyBytes) throw tooLarge(maxBodyBytes);
      chunks.push(value);
    }
  } catch (error) {
    // Not waited for: a source that dawdles may dawdle here, too.
    reader.cancel().catch(() => undefined);
    if (error instanceof HttpFault) throw error;
    throw new HttpFault(request.signal.aborted ? 499 : 400, 'invalid-input', 'The body broke off.');
  }
}

function tooLarge(bytes: number): HttpFault {
  return new HttpFault(413, 'invalid-input', `The body has more than ${bytes} bytes.`);
}

function withinMs<T>(work: Promise<T>, ms: number, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(Math.max(0, ms), () => {
      reject(new HttpFault(408, 'timeout', 'The body took too long.', { retryable: true }));
    });
    work.then(resolve, reject).finally(cancel);
  });
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HttpFault(400, 'invalid-input', 'The body is not UTF-8.');
  }
}

/** How deep brackets stand in brackets, strings passed over; in one pass, before anything is built. */
function depthOf(json: string): number {
  let [depth, deepest, inString] = [0, 0, false];
  for (let index = 0; index < json.length; index++) {
    const code = json.charCodeAt(index);
    if (inString) {
      if (code === 0x5c) index++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return deepest;
}
