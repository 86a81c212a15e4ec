import { secretsOf } from '../../wire/redact.ts';
import type { MadeRequest } from './cassette-fetch.ts';
import type { RecordedRequest } from './cassette.ts';

/** Request headers that are kept; all others are dropped, whatever they hold. */
const requestHeaders = ['accept', 'content-type', 'anthropic-version', 'anthropic-beta', 'openai-beta'];

/** Parameters of a query whose value is kept. */
const publicParameters = new Set(['alt', 'api-version', 'beta']);

const blot = '[redacted]';

/** Shorter values are no secrets, and blotting them out would spoil the recording. */
const minLength = 6;

/** Words that look like a key, as error bodies echo them, also half masked. */
const keyLike = /\b(?:sk|pk|rk|gsk|xai|hf|pplx|csk|nvapi|fw|key|tgp_v1)[-_][\w*.-]{6,}|\bAIza[\w-]{10,}/g;

/**
 * What of a request must not be recorded: values of headers and of the query that are not known to be harmless, each as it is and as it
 * would stand in JSON or in a URL.
 */
export function secretsOfRequest(
  { url, headers }: MadeRequest,
  more: readonly string[] = [],
): readonly string[] {
  const hidden = Object.fromEntries([...headers].filter(([name]) => !requestHeaders.includes(name)));
  const parameters = [...new URL(url).searchParams].filter(([name]) => !publicParameters.has(name));
  const bare = [...secretsOf(hidden), ...parameters.map(([, value]) => value), ...more];
  const forms = bare.flatMap((secret) => [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
  ]);
  // The longest first, so that one which is part of another leaves nothing of it.
  return [...new Set(forms)]
    .filter(({ length }) => length >= minLength)
    .toSorted((a, b) => b.length - a.length);
}

/** The request as it may be kept. */
export function cleanRequest(request: MadeRequest, secrets: readonly string[]): RecordedRequest {
  const headers: Record<string, string> = {};
  for (const name of requestHeaders) {
    const value = request.headers.get(name);
    if (value !== null) headers[name] = blotOut(value, secrets);
  }
  return {
    method: request.method,
    url: cleanUrl(request.url, secrets),
    headers,
    body: toJson(blotOut(request.text, secrets)),
  };
}

/**
 * Overwrites secrets in the bytes of a body, in place and with as many characters, so that a body in pieces keeps its cuts. In the body
 * of an error also what looks like a key.
 */
export function maskBytes(bytes: Uint8Array, secrets: readonly string[], isError: boolean): Uint8Array {
  let text = '';
  // One character per byte: places in the text are places in the bytes.
  for (const byte of bytes) text += String.fromCharCode(byte);
  const masked = bytes.slice();
  const hide = (start: number, length: number): void => {
    masked.fill(0x2a, start, start + length);
  };
  for (const secret of secrets) {
    const needle = String.fromCharCode(...new TextEncoder().encode(secret));
    for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + needle.length)) {
      hide(at, needle.length);
    }
  }
  if (isError) for (const match of text.matchAll(keyLike)) hide(match.index, match[0].length);
  return masked;
}

/** The text without secrets and without what looks like a key. */
function blotOut(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) clean = clean.replaceAll(secret, blot);
  return clean.replace(keyLike, blot);
}

function cleanUrl(text: string, secrets: readonly string[]): string {
  const url = new URL(text);
  for (const name of new Set(url.searchParams.keys())) {
    if (!publicParameters.has(name)) url.searchParams.set(name, blot);
  }
  url.pathname = blotOut(url.pathname, secrets);
  url.username = '';
  url.password = '';
  url.hash = '';
  return blotOut(url.href, secrets);
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
