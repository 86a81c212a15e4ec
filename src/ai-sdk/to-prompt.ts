import type { Message } from '../message.ts';
import { alternateTurns } from '../wire/alternate-turns.ts';
import { pairTools } from '../wire/pair-tools.ts';
import { ToolIds } from '../wire/tool-ids.ts';
import type { PromptMessage, PromptPart } from './language-model.ts';
import { assistantParts, resultPart, userParts, type CallBook } from './to-parts.ts';

/**
 * Messages as a prompt that every provider takes: system messages at the head only, sides that take turns, calls with their results. The
 * specification allows more, but providers behind it refuse it, each something else.
 *
 * @throws KatamariError `invalid-input` for a picture or a file that cannot be read.
 */
export function toPrompt(messages: readonly Message[]): PromptMessage[] {
  const book: CallBook = { ids: new ToolIds(), names: new Map() };
  const { system, turns } = alternateTurns<PromptPart>(
    pairTools(messages),
    {
      text: (text) => ({ type: 'text', text }),
      parts: (message) => {
        if (message.role === 'user') return userParts(message);
        return message.role === 'assistant' ? assistantParts(message, book) : [resultPart(message, book)];
      },
    },
    true,
  );
  const prompt: PromptMessage[] = system.map((content) => ({ role: 'system', content }));
  for (const { role, parts } of turns) for (const part of parts) append(prompt, role, part);
  return prompt;
}

/** Puts a part into the message it belongs to: results of tools have one of their own, the user's words another. */
function append(prompt: PromptMessage[], side: 'user' | 'assistant', part: PromptPart): void {
  const role = part.type === 'tool-result' ? 'tool' : side;
  const last = prompt.at(-1);
  if (last?.role === role) (last.content as PromptPart[]).push(part);
  else prompt.push({ role, content: [part] } as PromptMessage);
}
