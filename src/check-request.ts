import { KatamariError } from './errors.ts';
import type { ChatRequest } from './request.ts';

const ROLES: ReadonlySet<unknown> = new Set(['system', 'user', 'assistant', 'tool']);

/**
 * Checks what a program without types may get wrong. The order of messages is not checked: adapters repair what their provider would
 * refuse.
 *
 * @throws KatamariError code `invalid-input`, naming the place and what is expected there
 */
export function checkRequest(request: ChatRequest): void {
  const messages: unknown = request.messages;
  if (!Array.isArray(messages)) throw invalid('messages', 'must be an array of messages');
  if (messages.length === 0) throw invalid('messages', 'is empty; add at least one message of the user');
  messages.forEach(checkMessage);
  checkNumber('temperature', request.temperature, 0);
  checkNumber('topP', request.topP, 0);
  checkNumber('maxOutputTokens', request.maxOutputTokens, 1);
}

function checkMessage(message: unknown, index: number): void {
  const place = `messages[${index}]`;
  if (typeof message !== 'object' || message === null)
    throw invalid(place, 'must be an object { role, content }');
  const { role, content, toolCallId } = message as Partial<Record<string, unknown>>;
  if (!ROLES.has(role)) throw invalid(`${place}.role`, 'must be system, user, assistant or tool');
  if (typeof content !== 'string' && !(Array.isArray(content) && role !== 'system')) {
    throw invalid(
      `${place}.content`,
      role === 'system' ? 'must be a string' : 'must be a string or an array of parts',
    );
  }
  if (role === 'tool' && typeof toolCallId !== 'string') {
    throw invalid(`${place}.toolCallId`, 'must be the id of the tool call that this message answers');
  }
}

function checkNumber(name: string, value: number | undefined, least: number): void {
  if (value === undefined || (Number.isFinite(value) && value >= least)) return;
  throw invalid(name, `must be a number of at least ${least}`);
}

function invalid(place: string, rule: string): KatamariError {
  return new KatamariError('invalid-input', `${place} ${rule}.`);
}
