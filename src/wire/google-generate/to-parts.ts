import type {
  AssistantMessage,
  FilePart,
  ImagePart,
  TextPart,
  ToolMessage,
  UserMessage,
} from '../../message.ts';
import { readMedia } from '../media-source.ts';
import { speakerOf } from '../speaker.ts';
import type { ToolIds } from '../tool-ids.ts';
import { toToolInput } from '../tool-input.ts';

/** A piece of a turn as the wire has it. */
export type WirePart = Record<string, unknown>;

/** What a call of this conversation sends: its id on the wire, and the name that its result has to repeat. */
export interface CallBook {
  readonly ids: ToolIds;
  /** Names by the id on the wire. */
  readonly names: Map<string, string>;
  /** Whether a call without a signature is refused. */
  readonly needsSignature: boolean;
}

/** What the vendor documents for calls that another model made. */
const noSignature = 'skip_thought_signature_validator';

/** What a user says. */
export function userParts(message: UserMessage): WirePart[] {
  const speaker = speakerOf(message);
  const { content } = message;
  const parts = typeof content === 'string' ? textParts(content) : content.flatMap(toParts);
  const [first, ...others] = parts;
  if (speaker === '' || first === undefined) return parts;
  const { text } = first;
  return typeof text === 'string'
    ? [{ ...first, text: speaker + text }, ...others]
    : [{ text: speaker.trim() }, ...parts];
}

/** What the model said and asked for. Of its thoughts the signatures go back, which stand where they came; the summaries do not. */
export function assistantParts({ content, toolCalls = [] }: AssistantMessage, book: CallBook): WirePart[] {
  const parts: WirePart[] = [];
  for (const part of typeof content === 'string' ? [{ type: 'text' as const, text: content }] : content) {
    const signature = part.type === 'reasoning' ? part.providerData?.['thoughtSignature'] : undefined;
    if (part.type === 'text') parts.push(...textParts(part.text));
    else if (typeof signature === 'string') parts.push({ text: '', thoughtSignature: signature });
  }
  const isSigned = toolCalls.some((call) => typeof call.providerData?.['thoughtSignature'] === 'string');
  for (const [index, call] of toolCalls.entries()) {
    const id = book.ids.call(call.id);
    book.names.set(id, call.name);
    const signature = call.providerData?.['thoughtSignature'];
    const own = typeof signature === 'string' ? signature : undefined;
    // Of calls that were made together the first bears the signature of all.
    const sent = own ?? (book.needsSignature && !isSigned && index === 0 ? noSignature : undefined);
    parts.push({
      functionCall: { id, name: call.name, args: toToolInput(call.arguments) },
      ...(sent === undefined ? {} : { thoughtSignature: sent }),
    });
  }
  return parts.every((part) => part['text'] === '') ? [] : parts;
}

/** What a tool returned: its text as the response, pictures and files beside it. */
export function resultParts({ toolCallId, content, isError }: ToolMessage, book: CallBook): WirePart[] {
  const id = book.ids.result(toolCallId);
  const parts = typeof content === 'string' ? [{ text: content }] : content.flatMap(toParts);
  const texts = parts.flatMap(({ text }) => (typeof text === 'string' ? [text] : []));
  const response = { [isError === true ? 'error' : 'output']: texts.join('\n') };
  const others = parts.filter(({ text }) => typeof text !== 'string');
  return [{ functionResponse: { id, name: book.names.get(id) ?? 'unknown', response } }, ...others];
}

function textParts(text: string): WirePart[] {
  return text.trim() === '' ? [] : [{ text }];
}

function toParts(part: TextPart | ImagePart | FilePart): WirePart[] {
  if (part.type === 'text') return textParts(part.text);
  const isImage = part.type === 'image';
  const media = readMedia(
    isImage ? part.image : part.data,
    part.mediaType,
    isImage ? 'An image part' : 'A file part',
  );
  if (media.kind === 'base64') return [{ inlineData: { mimeType: media.mediaType, data: media.base64 } }];
  return [{ fileData: { mimeType: part.mediaType ?? imageType(media.url), fileUri: media.url } }];
}

const imageTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  heic: 'image/heic',
};

/** The protocol wants a type, a URL mostly shows it. */
function imageType(url: string): string {
  const ending = /\.([a-z]+)(?:[?#]|$)/i.exec(url)?.[1]?.toLowerCase() ?? '';
  return imageTypes[ending] ?? 'image/jpeg';
}
