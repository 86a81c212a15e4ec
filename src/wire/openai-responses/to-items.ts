import type {
  AssistantMessage,
  FilePart,
  ImagePart,
  Message,
  ReasoningPart,
  TextPart,
  ToolMessage,
  UserMessage,
} from '../../message.ts';
import { toMediaUrl } from '../media-source.ts';
import { speakerOf } from '../speaker.ts';
import { ToolIds } from '../tool-ids.ts';

/** A piece of the input as the wire has it. */
export type Item = Record<string, unknown>;

/** Messages as the items of the input. Tool calls and results are in order already, see `pairTools`. */
export function toItems(messages: readonly Message[]): Item[] {
  const ids = new ToolIds();
  return messages.flatMap((message) => {
    switch (message.role) {
      case 'system':
        return isBlank(message.content) ? [] : [{ role: 'system', content: [inputText(message.content)] }];
      case 'user':
        return userItems(message);
      case 'assistant':
        return assistantItems(message, ids);
      case 'tool':
        return [resultItem(message, ids)];
    }
  });
}

function userItems(message: UserMessage): Item[] {
  const { content } = message;
  const parts = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
  const inputs = parts.flatMap(toInput);
  if (inputs.length === 0) return [];
  const speaker = speakerOf(message);
  const [first, ...others] = inputs;
  if (speaker === '') return [{ role: 'user', content: inputs }];
  const isText = first?.['type'] === 'input_text';
  const named = isText
    ? [inputText(speaker + String(first['text'])), ...others]
    : [inputText(speaker.trim()), ...inputs];
  return [{ role: 'user', content: named }];
}

/**
 * What the model said, thought and asked for, in its order. A thought is refused where nothing of its own follows it: one at the very end is
 * left out.
 */
function assistantItems({ content, toolCalls = [] }: AssistantMessage, ids: ToolIds): Item[] {
  const said = typeof content === 'string' ? textItems(content) : thoughtsAndTexts(content);
  const calls = toolCalls.map((call) => ({
    type: 'function_call',
    call_id: ids.call(call.id),
    name: call.name,
    arguments: call.arguments === '' ? '{}' : call.arguments,
  }));
  const items: Item[] = [...said, ...calls];
  const last = items.findLastIndex((item) => item['type'] !== 'reasoning');
  return items.slice(0, last + 1);
}

function resultItem({ toolCallId, content, isError }: ToolMessage, ids: ToolIds): Item {
  const parts = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content;
  const texts = parts.flatMap((part) => (part.type === 'text' ? [part.text] : []));
  const failed = isError === true ? 'Error: ' : '';
  const output =
    texts.length === parts.length
      ? failed + texts.join('\n')
      : [...(failed === '' ? [] : [inputText('Error:')]), ...parts.flatMap(toInput)];
  return { type: 'function_call_output', call_id: ids.result(toolCallId), output };
}

function textItems(text: string): Item[] {
  return isBlank(text) ? [] : [{ role: 'assistant', content: [{ type: 'output_text', text }] }];
}

/** A thought goes back encrypted, with the summary that came before it; what was not encrypted the host has not kept. */
function thoughtsAndTexts(content: readonly (TextPart | ReasoningPart)[]): Item[] {
  const items: Item[] = [];
  let summary = '';
  for (const part of content) {
    if (part.type === 'text') {
      items.push(...textItems(part.text));
      summary = '';
      continue;
    }
    summary += part.text;
    const { id, encrypted_content: encrypted } = part.providerData ?? {};
    if (typeof encrypted !== 'string') continue;
    items.push({
      type: 'reasoning',
      ...(typeof id === 'string' ? { id } : {}),
      summary: summary === '' ? [] : [{ type: 'summary_text', text: summary }],
      encrypted_content: encrypted,
    });
    summary = '';
  }
  return items;
}

function toInput(part: TextPart | ImagePart | FilePart): Item[] {
  if (part.type === 'text') return isBlank(part.text) ? [] : [inputText(part.text)];
  if (part.type === 'image')
    return [inputImage(toMediaUrl(part.image, part.mediaType, 'An image part'), part.detail)];
  const url = toMediaUrl(part.data, part.mediaType, 'A file part');
  if (part.mediaType.startsWith('image/')) return [inputImage(url, undefined)];
  return [
    url.startsWith('data:')
      ? { type: 'input_file', filename: part.filename ?? 'file', file_data: url }
      : { type: 'input_file', file_url: url },
  ];
}

function inputImage(url: string, detail: ImagePart['detail']): Item {
  return { type: 'input_image', image_url: url, detail: detail ?? 'auto' };
}

function inputText(text: string): Item {
  return { type: 'input_text', text };
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}
