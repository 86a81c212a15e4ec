import type { Protocol } from '../../src/testing/wire-answer.ts';

/**
 * Reads one whole answer and tells each piece of its text as it comes. `root` is the server's address with the parameters of the answer
 * in its path, without a version behind it.
 */
export type Answer = (root: string, told: (text: string) => void, signal?: AbortSignal) => Promise<void>;

/** Makes ready to read answers in a protocol: imports what is needed, makes the client, once a process. */
export type Contender = (protocol: Protocol) => Promise<Answer>;

/** The question that everybody asks. */
export const QUESTION = [{ role: 'user', content: 'Hi' }] as const;

/** Any key will do: the server is on this machine. */
export const API_KEY = 'not-a-key';

/** The model that is asked for, by protocol. */
export const MODELS: Readonly<Record<Protocol, string>> = {
  'openai-chat': 'gpt-5-mini',
  'openai-responses': 'gpt-5-mini',
  'anthropic-messages': 'claude-sonnet-5',
  'google-generate': 'gemini-2.5-flash',
};

/** What is made once for an address and used for all calls to it, as an app makes its client once. */
export function oncePerRoot<Client>(make: (root: string) => Client): (root: string) => Client {
  const made = new Map<string, Client>();
  return (root) => {
    const client = made.get(root) ?? make(root);
    made.set(root, client);
    return client;
  };
}

/** Tells every text of a stream. */
export async function tellAll(stream: AsyncIterable<string>, told: (text: string) => void): Promise<void> {
  for await (const text of stream) told(text);
}

/** Tells the text that an event of a stream holds, where it holds some. */
export async function tellTexts<Event>(
  stream: AsyncIterable<Event>,
  told: (text: string) => void,
  textOf: (event: Event) => string | null | undefined,
): Promise<void> {
  for await (const event of stream) {
    const text = textOf(event);
    if (text !== null && text !== undefined && text !== '') told(text);
  }
}

/** What a contender says of a protocol that it does not speak. */
export function cannot(name: string, protocol: Protocol): never {
  throw new Error(`${name} takes no part in ${protocol}`);
}

/** Who takes part in chat completions, the protocol that everybody speaks. The first one is what the others are compared with. */
export const CHAT_FIELD = [
  'bare',
  'katamari',
  'openai SDK',
  'LangChain',
  'pi-ai',
  'TanStack AI',
  'OpenAI Agents',
  'AI SDK',
  'Mastra',
] as const;
