import { KatamariError } from '../errors.ts';

/** Where a picture or a file is: somewhere else, or right here as base64. */
export type MediaSource =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'base64'; readonly mediaType: string; readonly base64: string };

/**
 * Reads the three ways in which a part holds its bytes: an `https:` URL, a `data:` URL, plain base64.
 *
 * @throws KatamariError `invalid-input` where base64 has no media type.
 */
export function readMedia(data: string, mediaType: string | undefined, what: string): MediaSource {
  if (/^https?:/i.test(data)) return { kind: 'url', url: data };
  const own = /^data:([^,]*),/i.exec(data);
  if (own === null) {
    if (mediaType === undefined) throw withoutType(what);
    return { kind: 'base64', mediaType, base64: data };
  }
  const [type = '', ...parameters] = (own[1] ?? '').split(';');
  const payload = data.slice(own[0].length);
  const isBase64 = parameters.some((parameter) => parameter.trim().toLowerCase() === 'base64');
  return {
    kind: 'base64',
    mediaType: type === '' ? (mediaType ?? 'text/plain') : type,
    base64: isBase64 ? payload : toBase64(new TextEncoder().encode(decodeURIComponent(payload))),
  };
}

/** The same as one URL, which is a `data:` URL where the bytes are here. */
export function toMediaUrl(data: string, mediaType: string | undefined, what: string): string {
  if (/^(?:https?|data):/i.test(data)) return data;
  if (mediaType === undefined) throw withoutType(what);
  return `data:${mediaType};base64,${data}`;
}

/** Base64 of UTF-8 as text. @throws KatamariError `invalid-input` where it is no base64. */
export function textOfBase64(base64: string): string {
  let binary: string;
  try {
    binary = atob(base64);
  } catch (cause) {
    throw new KatamariError('invalid-input', 'A file part holds text that is not valid base64.', { cause });
  }
  return new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
}

function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function withoutType(what: string): KatamariError {
  return new KatamariError(
    'invalid-input',
    `${what} holds base64 and no mediaType: add one, for example image/png.`,
  );
}
