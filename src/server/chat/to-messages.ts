import type {
  AssistantMessage,
  FilePart,
  ImagePart,
  Message,
  TextPart,
  ToolMessage,
  UserMessage,
} from '../../message.ts';
import { definedOnly } from '../defined-only.ts';
import { HttpFault } from '../http-fault.ts';
import type { ChatContentPart, ChatMessage } from './chat-schemas.ts';

type MediaPart = TextPart | ImagePart | FilePart;

/** Messages as katamari has them. @throws HttpFault 400, naming the place, for what has no place there */
export function toMessages(messages: readonly ChatMessage[]): Message[] {
  return messages.map((message, index) => toMessage(message, `messages[${index}]`));
}

function toMessage(message: ChatMessage, place: string): Message {
  const name = message.name ?? undefined;
  switch (message.role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: textOf(message, place), ...definedOnly({ name }) };
    case 'user':
      return { role: 'user', content: contentOf(message, place), ...definedOnly({ name }) };
    case 'assistant':
      return { ...toAssistant(message, place), ...definedOnly({ name }) };
    case 'tool':
      return toTool(message, place);
  }
}

function toAssistant(message: ChatMessage, place: string): AssistantMessage {
  const calls = message.tool_calls ?? [];
  const isEmpty = message.content === undefined || message.content === null;
  if (isEmpty && calls.length === 0) throw wrong(`${place}.content`, 'is missing');
  const toolCalls = calls.map(({ id, function: { name, arguments: json } }) => ({
    id,
    name,
    arguments: json,
  }));
  return {
    role: 'assistant',
    content: isEmpty ? '' : textOf(message, place),
    ...(toolCalls.length > 0 && { toolCalls }),
  };
}

function toTool(message: ChatMessage, place: string): ToolMessage {
  const { tool_call_id: toolCallId } = message;
  if (toolCallId === undefined || toolCallId === null) throw wrong(`${place}.tool_call_id`, 'is missing');
  return { role: 'tool', toolCallId, content: textOf(message, place) };
}

/** Text alone: a part of another kind has no place in this message. */
function textOf({ content }: ChatMessage, place: string): string {
  if (content === undefined || content === null) throw wrong(`${place}.content`, 'is missing');
  if (typeof content === 'string') return content;
  const texts = content.map((part, index) => {
    if (part.type === 'text') return part.text;
    if (part.type === 'refusal') return part.refusal;
    throw wrong(`${place}.content[${index}]`, 'must be text in a message of this role');
  });
  return texts.join('\n');
}

function contentOf({ content }: ChatMessage, place: string): UserMessage['content'] {
  if (content === undefined || content === null) throw wrong(`${place}.content`, 'is missing');
  if (typeof content === 'string') return content;
  return content.map((part, index) => toPart(part, `${place}.content[${index}]`));
}

function toPart(part: ChatContentPart, place: string): MediaPart {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'image_url': {
      const { url, detail } = part.image_url;
      return { type: 'image', image: url, ...definedOnly({ detail: detail ?? undefined }) };
    }
    case 'input_audio': {
      const { data, format } = part.input_audio;
      return { type: 'file', data, mediaType: format === 'mp3' ? 'audio/mpeg' : 'audio/wav' };
    }
    case 'file': {
      const { file_data: data, filename } = part.file;
      const mediaType = /^data:([\w.+-]+\/[\w.+-]+)[;,]/.exec(data ?? '')?.[1];
      if (data === undefined || data === null || mediaType === undefined)
        throw wrong(
          `${place}.file.file_data`,
          'must be a data: URL with its media type; uploaded files are not kept here',
        );
      return { type: 'file', data, mediaType, ...definedOnly({ filename: filename ?? undefined }) };
    }
    case 'refusal':
      throw wrong(place, 'is the assistant’s to say');
  }
}

function wrong(place: string, what: string): HttpFault {
  return new HttpFault(400, 'invalid-input', `${place}: ${what}.`, { param: place });
}
