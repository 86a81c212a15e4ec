import { KatamariError } from '../../errors.ts';
import type {
  AssistantMessage,
  FilePart,
  ImagePart,
  ReasoningPart,
  TextPart,
  ToolMessage,
  UserMessage,
} from '../../message.ts';
import { readMedia, textOfBase64 } from '../media-source.ts';
import { speakerOf } from '../speaker.ts';
import type { ToolIds } from '../tool-ids.ts';
import { toToolInput } from '../tool-input.ts';

/** A piece of a message as the wire has it. */
export type Block = Record<string, unknown>;

/** Text as a block, or none: the protocol refuses blank ones. */
export function textBlocks(text: string): Block[] {
  return text.trim() === '' ? [] : [{ type: 'text', text }];
}

/** What a user says. */
export function userBlocks(message: UserMessage): Block[] {
  const speaker = speakerOf(message);
  const { content } = message;
  if (typeof content === 'string') return textBlocks(content.trim() === '' ? '' : speaker + content);
  const blocks = content.flatMap(partBlocks);
  if (speaker === '' || blocks.length === 0) return blocks;
  const [first, ...others] = blocks;
  return first?.['type'] === 'text'
    ? [{ ...first, text: speaker + String(first['text']) }, ...others]
    : [...textBlocks(speaker.trim()), ...blocks];
}

/** What the model said and asked for. Thoughts alone, without words or calls, are no message. */
export function assistantBlocks({ content, toolCalls = [] }: AssistantMessage, ids: ToolIds): Block[] {
  const said = typeof content === 'string' ? textBlocks(content) : thoughtsAndTexts(content);
  const calls = toolCalls.map((call) => ({
    type: 'tool_use',
    id: ids.call(call.id),
    name: call.name,
    input: toToolInput(call.arguments),
  }));
  const blocks = [...said, ...calls];
  return blocks.every(isThought) ? [] : blocks;
}

/** What a tool returned. */
export function resultBlocks({ toolCallId, content, isError }: ToolMessage, ids: ToolIds): Block[] {
  const blocks = typeof content === 'string' ? textBlocks(content) : content.flatMap(partBlocks);
  const [first] = blocks;
  const isText = blocks.length === 1 && first?.['type'] === 'text';
  return [
    {
      type: 'tool_result',
      tool_use_id: ids.result(toolCallId),
      ...(blocks.length === 0 ? {} : { content: isText ? first['text'] : blocks }),
      ...(isError === true ? { is_error: true } : {}),
    },
  ];
}

/** Thinking cannot bear a cache mark, and does not make a message. */
export function isThought(block: Block): boolean {
  return block['type'] === 'thinking' || block['type'] === 'redacted_thinking';
}

/**
 * A thought goes back as one block with its signature, which comes behind its text in a piece of its own. What has no signature is another
 * vendor's, and would be refused.
 */
function thoughtsAndTexts(content: readonly (TextPart | ReasoningPart)[]): Block[] {
  const blocks: Block[] = [];
  let thinking = '';
  for (const part of content) {
    if (part.type === 'text') {
      thinking = '';
      blocks.push(...textBlocks(part.text));
      continue;
    }
    thinking += part.text;
    const { signature, redacted_thinking: data } = part.providerData ?? {};
    if (typeof signature === 'string') blocks.push({ type: 'thinking', thinking, signature });
    else if (typeof data === 'string') blocks.push({ type: 'redacted_thinking', data });
    else continue;
    thinking = '';
  }
  return blocks;
}

function partBlocks(part: TextPart | ImagePart | FilePart): Block[] {
  if (part.type === 'text') return textBlocks(part.text);
  if (part.type === 'image') return [imageBlock(part.image, part.mediaType)];
  return [part.mediaType.startsWith('image/') ? imageBlock(part.data, part.mediaType) : documentBlock(part)];
}

function imageBlock(image: string, mediaType: string | undefined): Block {
  const media = readMedia(image, mediaType, 'An image part');
  if (media.kind === 'url') return { type: 'image', source: { type: 'url', url: media.url } };
  return { type: 'image', source: { type: 'base64', media_type: media.mediaType, data: media.base64 } };
}

function documentBlock({ data, mediaType, filename }: FilePart): Block {
  const media = readMedia(data, mediaType, 'A file part');
  const title = filename === undefined ? {} : { title: filename };
  const isPdf = mediaType === 'application/pdf';
  if (isPdf && media.kind === 'url')
    return { type: 'document', source: { type: 'url', url: media.url }, ...title };
  if (isPdf && media.kind === 'base64') {
    return {
      type: 'document',
      source: { type: 'base64', media_type: mediaType, data: media.base64 },
      ...title,
    };
  }
  const isText =
    mediaType.startsWith('text/') || /^application\/(?:json|xml|yaml|javascript)$/.test(mediaType);
  if (isText && media.kind === 'base64') {
    const text = textOfBase64(media.base64);
    return { type: 'document', source: { type: 'text', media_type: 'text/plain', data: text }, ...title };
  }
  throw new KatamariError(
    'invalid-input',
    `This provider takes PDF documents, and text files as data, but not ${mediaType}${media.kind === 'url' ? ' by URL' : ''}. ` +
      'Convert the file, or pass its text as a text part.',
  );
}
