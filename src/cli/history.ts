import { checkRequest } from '../check-request.ts';
import { KatamariError } from '../errors.ts';
import type { Message } from '../message.ts';

/** A conversation as a file holds it. */
export interface History {
  readonly title: string | undefined;
  /** What may be asked of it, where the file says so. */
  readonly question: string | undefined;
  readonly messages: readonly Message[];
  /** The document with other messages in it. */
  readonly with: (messages: readonly Message[]) => unknown;
}

interface Recorded {
  readonly id?: string;
  readonly title?: string;
  readonly question?: string;
  readonly questions?: readonly { readonly question: string }[];
  readonly messages: readonly Message[];
}

/**
 * Reads a conversation: JSON `{ messages }`, a JSON array of messages, or JSON lines of conversations, of which it is the first, or the one
 * named by `id`.
 *
 * @throws KatamariError code `invalid-input` when it is something else
 */
export function parseHistory(text: string, id?: string): History {
  const documents = asJson(text) ?? asJsonLines(text);
  const found = documents.find((document) => id === undefined || idOf(document) === id);
  const messages = Array.isArray(found)
    ? (found as Message[])
    : (found as Partial<Recorded> | undefined)?.messages;
  if (!Array.isArray(messages)) {
    const what =
      id === undefined
        ? 'holds no messages: JSON { "messages": [ { "role", "content" } ] } is expected'
        : `holds no conversation with the id ${id}`;
    throw new KatamariError('invalid-input', `The history ${what}.`);
  }
  if (messages.length > 0) checkRequest({ messages: messages as Message[] });
  const recorded: Partial<Recorded> = Array.isArray(found) ? {} : (found as Recorded);
  return {
    title: recorded.title ?? recorded.id,
    question: recorded.question ?? recorded.questions?.[0]?.question,
    messages: messages as Message[],
    with: (others) => (Array.isArray(found) ? others : { ...recorded, messages: others }),
  };
}

function idOf(document: unknown): unknown {
  return (document as Partial<Recorded> | null)?.id;
}

function asJson(text: string): unknown[] | undefined {
  try {
    return [JSON.parse(text) as unknown];
  } catch {
    return undefined;
  }
}

function asJsonLines(text: string): unknown[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as unknown;
    } catch {
      throw new KatamariError(
        'invalid-input',
        `The history is neither JSON nor JSON lines; see line ${index + 1}.`,
      );
    }
  });
}
