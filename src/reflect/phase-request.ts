import { textOf, type Message, type UserMessage } from '../message.ts';
import type { Provider } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import type { PhaseSettings } from './reflect-options.ts';

/** A phase's request: the one it is made from, with the phase's own settings over it. */
export function withSettings(request: ChatRequest, settings: PhaseSettings, provider: Provider): ChatRequest {
  const { model: asked, ...rest } = request;
  const stays = settings.provider === undefined || settings.provider === provider;
  const { model = stays ? asked : undefined, temperature, maxOutputTokens } = settings;
  return {
    ...rest,
    ...(model !== undefined && { model }),
    ...(temperature !== undefined && { temperature }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
  };
}

/**
 * What a critic is sent, field by field. Tools go along, forbidden: a vendor refuses a history with tool calls without them, and the prompt
 * stays the same up to the last message, so that its cache holds. The answer's format, length and sampling are not the critique's.
 */
export function criticRequest(request: ChatRequest): ChatRequest {
  const { messages, model, tools, reasoning, seed, providerOptions } = request;
  return {
    messages,
    ...(model !== undefined && { model }),
    ...(tools !== undefined && { tools, toolChoice: 'none' as const }),
    ...(reasoning && { reasoning }),
    ...(seed !== undefined && { seed }),
    ...(providerOptions && { providerOptions }),
  };
}

/** The text of the conversation's last user message. */
export function questionOf(messages: readonly Message[]): string {
  const message = messages.findLast(({ role }) => role === 'user');
  return message === undefined ? '' : textOf(message);
}

/**
 * The conversation with a task in place of its last user message. One message and not two, because some models' templates refuse two user
 * messages in a row, and because the current turn is what a trim keeps and takes as its query. Where tools have been called since, the task
 * comes after them, and what belongs to the turn is pinned.
 */
export function withTask(messages: readonly Message[], task: string): readonly Message[] {
  const at = messages.findLastIndex(({ role }) => role === 'user');
  const last = messages[at];
  if (last?.role === 'user' && at === messages.length - 1)
    return [...messages.slice(0, at), replaceText(last, task)];
  const turn = at === -1 ? [] : messages.slice(at).map((message) => ({ ...message, pinned: true }));
  return [...messages.slice(0, at === -1 ? messages.length : at), ...turn, { role: 'user', content: task }];
}

/** Images and files stay. */
function replaceText(message: UserMessage, text: string): UserMessage {
  if (typeof message.content === 'string') return { ...message, content: text };
  return {
    ...message,
    content: [{ type: 'text', text }, ...message.content.filter(({ type }) => type !== 'text')],
  };
}
