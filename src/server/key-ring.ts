import { KatamariError } from '../errors.ts';
import { HttpFault } from './http-fault.ts';

/** A key that opens the server. */
export interface ApiKey {
  /** What stands behind `Bearer`: at least 16 visible ASCII characters. */
  readonly key: string;
  /**
   * Whose it is: runs, rate limits and access records go by it, and two keys of one id are one client, so that keys can be changed
   * while runs are under way. @defaultValue the first 8 digits of the key's SHA-256
   */
  readonly id?: string;
  /** From then on it is refused: a date, its ISO form, or milliseconds since 1970-01-01 UTC. @defaultValue it holds for ever */
  readonly notAfter?: Date | string | number;
}

/** Keys, with or without an id. */
export type ApiKeys = readonly (string | ApiKey)[];

/** Who may use the server: everybody (`'none'`, for loopback and behind a gateway of your own), or who has one of the keys. */
export type Auth =
  | 'none'
  | {
      /** A function is asked at every request, so that keys can be changed without a restart; cache in it what is slow. */
      readonly keys: ApiKeys | (() => ApiKeys | Promise<ApiKeys>);
    };

/** Whose everything is where there are no keys. */
export const ANYBODY = 'anybody';

interface HashedKey {
  readonly id: string;
  readonly hash: Uint8Array;
  /** Milliseconds since 1970. */
  readonly notAfter: number;
}

const KEY = /^[\x21-\x7e]{16,4096}$/;
/** RFC 6750: the scheme in any case, one or more spaces, the token. */
const BEARER = /^bearer +([\x21-\x7e]+) *$/i;

/** Knows the keys, by their hashes. */
export class KeyRing {
  readonly #auth: Auth;
  #hashes = new Map<string, HashedKey>();

  /** @throws KatamariError code `invalid-input` for a list without a key, or a key that is too short */
  constructor(auth: Auth) {
    if (auth !== 'none' && typeof (auth as { keys?: unknown } | undefined)?.keys !== 'function') {
      checkKeys((auth as { keys?: unknown } | undefined)?.keys);
    }
    this.#auth = auth;
  }

  /**
   * The id of the client.
   *
   * @throws HttpFault 401 where no key fits; 503 where the keys can't be had
   */
  async identify(request: Request): Promise<string> {
    if (this.#auth === 'none') return ANYBODY;
    const token = BEARER.exec(request.headers.get('authorization') ?? '')?.[1];
    if (token === undefined) throw refused('Send «Authorization: Bearer KEY».');
    const known = await this.#known(this.#auth.keys);
    const hash = await sha256(token);
    const now = Date.now();
    let found: HashedKey | undefined;
    // Every key is compared, and whole: the time taken tells nothing of which one came near.
    for (const key of known) if (sameBytes(key.hash, hash) && now < key.notAfter) found = key;
    if (found === undefined) throw refused('The key is not known, or no longer valid.');
    return found.id;
  }

  async #known(source: ApiKeys | (() => ApiKeys | Promise<ApiKeys>)): Promise<readonly HashedKey[]> {
    const keys = typeof source === 'function' ? await keysFrom(source) : source;
    const hashes = new Map<string, HashedKey>();
    for (const entry of keys) {
      const { key, id, notAfter } = typeof entry === 'string' ? ({ key: entry } as ApiKey) : entry;
      const hash = this.#hashes.get(key)?.hash ?? (await sha256(key));
      hashes.set(key, { id: id ?? hex(hash).slice(0, 8), hash, notAfter: timeOf(notAfter) });
    }
    this.#hashes = hashes;
    return [...hashes.values()];
  }
}

async function keysFrom(source: () => ApiKeys | Promise<ApiKeys>): Promise<ApiKeys> {
  try {
    const keys = await source();
    checkKeys(keys);
    return keys;
  } catch (cause) {
    throw new HttpFault(503, 'overloaded', 'The keys can’t be read at the moment.', {
      retryable: true,
      cause,
    });
  }
}

function checkKeys(keys: unknown): asserts keys is ApiKeys {
  const entries = (Array.isArray(keys) ? keys : []) as readonly (Partial<ApiKey> | string | null)[];
  const isGood = (entry: Partial<ApiKey> | string | null): boolean => {
    const { key, id = 'x', notAfter } = typeof entry === 'string' ? { key: entry } : { ...entry };
    return typeof key === 'string' && KEY.test(key) && id !== '' && !Number.isNaN(timeOf(notAfter));
  };
  if (entries.length > 0 && entries.every(isGood)) return;
  const rule =
    "auth must be 'none' or { keys }: at least one key, each of 16 or more visible ASCII characters";
  throw new KatamariError('invalid-input', `${rule}, and with a notAfter that is a date if there is one.`);
}

function timeOf(date: ApiKey['notAfter']): number {
  return date === undefined ? Infinity : new Date(date).getTime();
}

function refused(message: string): HttpFault {
  return new HttpFault(401, 'authentication', message, {
    headers: { 'www-authenticate': 'Bearer realm="katamari"' },
  });
}

async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let index = 0; index < a.length; index++) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
  return difference === 0;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
