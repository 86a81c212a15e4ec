import type { AssistantMessage, Message } from '../../src/message.ts';
import type { Placed } from './peer.ts';

/** A part of a message as the AI SDK and Mastra have it. */
interface ModelPart {
  readonly type: string;
  readonly text?: string;
  readonly toolCallId?: string;
  readonly toolName?: string;
  /** The arguments of a call. */
  readonly input?: unknown;
  /** What a tool returned. */
  readonly output?: { readonly type: string; readonly value: string };
}

/** A message as the AI SDK and Mastra have it. */
export interface ModelMessage {
  readonly role: string;
  readonly content: string | readonly ModelPart[];
  readonly providerOptions: { readonly bench: { readonly place: number } };
}

/** Turns a history into their form; the place goes through as an option of the provider. */
export function toModelMessages(history: readonly Placed[]): ModelMessage[] {
  return history.map(({ place, message }) => ({
    role: message.role,
    content: contentOf(message),
    providerOptions: { bench: { place } },
  }));
}

function contentOf(message: Message): ModelMessage['content'] {
  const text = message.content as string;
  if (message.role === 'system') return text;
  if (message.role === 'tool') {
    const output = { type: 'text', value: text };
    return [{ type: 'tool-result', toolCallId: message.toolCallId, toolName: 'look', output }];
  }
  const calls = message.role === 'assistant' ? (message.toolCalls ?? []) : [];
  const said: ModelPart[] = text === '' && calls.length > 0 ? [] : [{ type: 'text', text }];
  return said.concat(
    calls.map((call) => ({
      type: 'tool-call',
      toolCallId: call.id,
      toolName: call.name,
      input: JSON.parse(call.arguments) as unknown,
    })),
  );
}

/** Back again: what is left of each message. */
export function fromModelMessages(left: readonly ModelMessage[], history: readonly Placed[]): Placed[] {
  const known = new Map(history.map(({ place, message }) => [place, message]));
  return left.map(({ content, providerOptions }) => {
    const { place } = providerOptions.bench;
    const message = known.get(place) ?? { role: 'user', content: '' };
    return { place, message: message.role === 'assistant' ? partOf(message, content) : message };
  });
}

function partOf(message: AssistantMessage, content: ModelMessage['content']): AssistantMessage {
  const { toolCalls } = message;
  if (toolCalls === undefined || typeof content === 'string') return message;
  const left = new Set(content.map(({ toolCallId }) => toolCallId));
  const calls = toolCalls.filter(({ id }) => left.has(id));
  return calls.length === toolCalls.length ? message : { ...message, toolCalls: calls };
}
