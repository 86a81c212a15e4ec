import type { Message } from '../message.ts';

const FIRST = 0x811c9dc5;
const PRIME = 0x01000193;

/** Fingerprints of messages, each message read once as long as it lives. Two histories with one fingerprint are taken for the same. */
export class MessageHashes {
  readonly #hashes = new WeakMap<Message, number>();

  /** The fingerprint of the first `count` messages, after `start`: as text, since JSON keeps it as it is. */
  of(messages: readonly Message[], count: number, start = ''): string {
    let [one, other] = [hashText(start, FIRST), PRIME];
    for (let at = 0; at < count; at += 1) {
      const message = messages[at];
      if (message === undefined) break;
      const hash = this.#hashOf(message);
      one = Math.imul(one ^ hash, PRIME);
      other = Math.imul(other + hash, 0x9e3779b1) ^ (other >>> 15);
    }
    return `${(one >>> 0).toString(36)}.${(other >>> 0).toString(36)}`;
  }

  #hashOf(message: Message): number {
    let hash = this.#hashes.get(message);
    if (hash === undefined) {
      const { content, ...rest } = message;
      // Pictures, files and thoughts are part of what is sent, and so of the fingerprint.
      hash = hashText(typeof content === 'string' ? content : JSON.stringify(content), FIRST);
      hash = hashText(JSON.stringify(rest), hash);
      this.#hashes.set(message, hash);
    }
    return hash;
  }
}

function hashText(text: string, start: number): number {
  let hash = start;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
  return hash;
}
