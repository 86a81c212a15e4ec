import { KatamariError } from '../../errors.ts';
import {
  textOf,
  type AssistantMessage,
  type FilePart,
  type ImagePart,
  type Message,
  type TextPart,
  type ToolCall,
} from '../../message.ts';
import { toMediaUrl } from '../media-source.ts';
import type { OpenaiChatDialect } from './dialect.ts';
import { shortToolId } from './short-tool-id.ts';

type WireRecord = Record<string, unknown>;
type Part = TextPart | ImagePart | FilePart;

/** Messages as the wire has them. Tool calls and results are in order already. */
export function toWireMessages(messages: readonly Message[], dialect: OpenaiChatDialect): WireRecord[] {
  const wire: WireRecord[] = [];
  // A tool message may hold text only: its pictures and files follow in a user message, behind the last result of the turn.
  let attached: WireRecord[] = [];
  for (const message of messages) {
    if (message.role !== 'tool' && attached.length > 0) {
      wire.push({ role: 'user', content: attached });
      attached = [];
    }
    wire.push(toWireMessage(message, dialect));
    if (message.role === 'tool' && typeof message.content !== 'string') {
      const others = message.content.filter((part) => part.type !== 'text');
      attached.push(...others.map((part) => toWirePart(part, dialect)));
    }
  }
  if (attached.length > 0) wire.push({ role: 'user', content: attached });
  return wire;
}

function toWireMessage(message: Message, dialect: OpenaiChatDialect): WireRecord {
  switch (message.role) {
    case 'system':
      return named({ role: 'system', content: message.content }, message.name);
    case 'user':
      return named({ role: 'user', content: toWireContent(message.content, dialect) }, message.name);
    case 'assistant':
      return named(toWireAssistant(message, dialect), message.name);
    case 'tool':
      return { role: 'tool', tool_call_id: toolId(message.toolCallId, dialect), content: textOf(message) };
  }
}

/** Names may hold neither spaces nor a few signs: those become `_`. */
function named(wire: WireRecord, name: string | undefined): WireRecord {
  if (name !== undefined && name !== '') wire['name'] = name.replace(/[\s<|\\/>]+/g, '_').slice(0, 64);
  return wire;
}

function toWireAssistant(message: AssistantMessage, dialect: OpenaiChatDialect): WireRecord {
  const text = textOf(message);
  const calls = message.toolCalls ?? [];
  const wire: WireRecord = { role: 'assistant', content: text === '' && calls.length > 0 ? null : text };
  if (calls.length === 0) return wire;
  wire['tool_calls'] = calls.map((call) => toWireCall(call, dialect));
  addReasoning(wire, message, dialect);
  return wire;
}

/** Reasoning goes back only beside tool calls: there the host continues the thought, elsewhere it refuses or ignores it. */
function addReasoning(wire: WireRecord, message: AssistantMessage, dialect: OpenaiChatDialect): void {
  const field = dialect.reasoningBack ?? 'none';
  if (field === 'none' || typeof message.content === 'string') return;
  const thoughts = message.content.filter((part) => part.type === 'reasoning');
  if (thoughts.length === 0) return;
  if (field === 'reasoning_content') {
    wire['reasoning_content'] = thoughts.map((part) => part.text).join('');
    return;
  }
  const details = thoughts.flatMap((part) => {
    const found = part.providerData?.['reasoning_details'];
    return Array.isArray(found) ? (found as unknown[]) : [];
  });
  if (details.length > 0) wire['reasoning_details'] = details;
  else wire['reasoning'] = thoughts.map((part) => part.text).join('');
}

function toWireCall(call: ToolCall, dialect: OpenaiChatDialect): WireRecord {
  const wire: WireRecord = {
    id: toolId(call.id, dialect),
    type: 'function',
    function: { name: call.name, arguments: call.arguments === '' ? '{}' : call.arguments },
  };
  // Google's compatible endpoint keeps the signature of its thought here and refuses a call that comes back without it.
  const extra = call.providerData?.['extra_content'];
  if (extra !== undefined) wire['extra_content'] = extra;
  return wire;
}

function toolId(id: string, dialect: OpenaiChatDialect): string {
  return dialect.shortToolIds === true ? shortToolId(id) : id;
}

/** Text alone is sent as a string, which every host takes; parts only where there is more than text. */
function toWireContent(content: string | readonly Part[], dialect: OpenaiChatDialect): string | WireRecord[] {
  if (typeof content === 'string') return content;
  const texts = content.filter((part) => part.type === 'text');
  if (texts.length === content.length) return texts.map((part) => part.text).join('\n');
  return content.map((part) => toWirePart(part, dialect));
}

function toWirePart(part: Part, dialect: OpenaiChatDialect): WireRecord {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'image': {
      const url = toMediaUrl(part.image, part.mediaType, 'An image part');
      return {
        type: 'image_url',
        image_url: part.detail === undefined ? { url } : { url, detail: part.detail },
      };
    }
    case 'file':
      return toWireFile(part, dialect);
  }
}

const audioFormats: Readonly<Record<string, string>> = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/wave': 'wav',
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
};

function toWireFile(part: FilePart, dialect: OpenaiChatDialect): WireRecord {
  const url = toMediaUrl(part.data, part.mediaType, 'A file part');
  if (part.mediaType.startsWith('image/')) return { type: 'image_url', image_url: { url } };
  if (!url.startsWith('data:') && dialect.fileUrls !== true) {
    throw new KatamariError(
      'invalid-input',
      'This provider takes files as data, not by URL: fetch the file and pass it as base64 with its mediaType.',
    );
  }
  const format = audioFormats[part.mediaType];
  if (format !== undefined && url.startsWith('data:')) {
    return { type: 'input_audio', input_audio: { data: url.slice(url.indexOf(',') + 1), format } };
  }
  return { type: 'file', file: { filename: part.filename ?? 'file', file_data: url } };
}
