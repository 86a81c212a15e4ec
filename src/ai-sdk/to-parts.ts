import type { AssistantMessage, ReasoningPart, TextPart, ToolMessage, UserMessage } from '../message.ts';
import { asRecord } from '../wire/json-record.ts';
import { speakerOf } from '../wire/speaker.ts';
import type { ToolIds } from '../wire/tool-ids.ts';
import { toToolInput } from '../wire/tool-input.ts';
import { toFilePart } from './file-part.ts';
import type {
  FilePromptPart,
  PromptPart,
  ProviderOptions,
  ReasoningPromptPart,
  TextPromptPart,
  ToolCallPromptPart,
  ToolOutput,
  ToolResultPromptPart,
} from './language-model.ts';

/** What a call of this conversation was sent with: a result repeats both. */
export interface CallBook {
  readonly ids: ToolIds;
  /** Names by the id that is sent. */
  readonly names: Map<string, string>;
}

/** What a user says. */
export function userParts(message: UserMessage): (TextPromptPart | FilePromptPart)[] {
  const parts = contentParts(message.content);
  const speaker = speakerOf(message);
  const [first, ...others] = parts;
  if (speaker === '' || first === undefined) return parts;
  return first.type === 'text'
    ? [{ type: 'text', text: speaker + first.text }, ...others]
    : [{ type: 'text', text: speaker.trim() }, ...parts];
}

/** What the model said, thought and asked for. Thoughts alone, without words or calls, are no message. */
export function assistantParts({ content, toolCalls = [] }: AssistantMessage, book: CallBook): PromptPart[] {
  const said = typeof content === 'string' ? textParts(content) : thoughtsAndTexts(content);
  const calls = toolCalls.map((call): ToolCallPromptPart => {
    const toolCallId = book.ids.call(call.id);
    book.names.set(toolCallId, call.name);
    return {
      type: 'tool-call',
      toolCallId,
      toolName: call.name,
      input: toToolInput(call.arguments),
      ...withOptions(call.providerData),
    };
  });
  const parts = [...said, ...calls];
  return parts.every(({ type }) => type === 'reasoning') ? [] : parts;
}

/** What a tool returned. */
export function resultPart(message: ToolMessage, book: CallBook): ToolResultPromptPart {
  const toolCallId = book.ids.result(message.toolCallId);
  const toolName = book.names.get(toolCallId) ?? message.name ?? 'unknown';
  return { type: 'tool-result', toolCallId, toolName, output: toOutput(message) };
}

/** Only text can be marked as an error: pictures and files of a tool that failed are led in by a word. */
function toOutput({ content, isError = false }: ToolMessage): ToolOutput {
  const parts: (TextPromptPart | FilePromptPart)[] =
    typeof content === 'string' ? [{ type: 'text', text: content }] : contentParts(content);
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  if (texts.length === parts.length)
    return { type: isError ? 'error-text' : 'text', value: texts.join('\n') };
  return { type: 'content', value: isError ? [{ type: 'text', text: 'Error:' }, ...parts] : parts };
}

/**
 * A thought goes back as one part, with the provider's own data: that comes behind the text, in a piece of its own. A thought without any goes
 * back too, since some providers take it bare; the others leave it out themselves.
 */
function thoughtsAndTexts(
  content: readonly (TextPart | ReasoningPart)[],
): (TextPromptPart | ReasoningPromptPart)[] {
  const parts: (TextPromptPart | ReasoningPromptPart)[] = [];
  let thinking = '';
  const closeThought = (options: { providerOptions?: ProviderOptions } = {}): void => {
    if (thinking !== '' || options.providerOptions !== undefined)
      parts.push({ type: 'reasoning', text: thinking, ...options });
    thinking = '';
  };
  for (const part of content) {
    if (part.type === 'text') {
      closeThought();
      parts.push(...textParts(part.text));
      continue;
    }
    thinking += part.text;
    if (part.providerData !== undefined) closeThought(withOptions(part.providerData));
  }
  closeThought();
  return parts;
}

/** Data that another provider of katamari's wrote is not keyed by provider: it would be refused, and stays behind. */
function withOptions(providerData: Readonly<Record<string, unknown>> = {}): {
  providerOptions?: ProviderOptions;
} {
  const providerOptions: ProviderOptions = {};
  for (const [provider, value] of Object.entries(providerData)) {
    const record = asRecord(value);
    if (record !== undefined) providerOptions[provider] = { ...record };
  }
  return Object.keys(providerOptions).length === 0 ? {} : { providerOptions };
}

function contentParts(content: UserMessage['content']): (TextPromptPart | FilePromptPart)[] {
  if (typeof content === 'string') return textParts(content);
  return content.flatMap<TextPromptPart | FilePromptPart>((part) =>
    part.type === 'text' ? textParts(part.text) : [toFilePart(part)],
  );
}

/** Text as a part, or none: many providers refuse blank ones. */
function textParts(text: string): TextPromptPart[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }];
}
