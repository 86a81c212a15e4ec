/** Who speaks. */
export type Role = 'system' | 'user' | 'assistant' | 'tool';

/** A piece of text. */
export interface TextPart {
  readonly type: 'text';
  readonly text: string;
}

/** A picture. */
export interface ImagePart {
  readonly type: 'image';
  /** An `https:` URL, a `data:` URL, or plain base64 (then `mediaType` is needed). */
  readonly image: string;
  /** For example `image/png`. */
  readonly mediaType?: string;
  /** How closely the model should look, where the provider has such a setting. */
  readonly detail?: 'auto' | 'low' | 'high';
  /** Size in pixels, where known: token counts are exact with it, and an upper bound without. */
  readonly width?: number;
  readonly height?: number;
}

/** A document or another file. */
export interface FilePart {
  readonly type: 'file';
  /** An `https:` URL, a `data:` URL, or plain base64. */
  readonly data: string;
  /** For example `application/pdf`. */
  readonly mediaType: string;
  readonly filename?: string;
}

/** What a model thought before it answered; goes back to the provider that wrote it, unread. */
export interface ReasoningPart {
  readonly type: 'reasoning';
  readonly text: string;
  /** The vendor's own proof or encrypted form, passed back word for word. */
  readonly providerData?: Readonly<Record<string, unknown>>;
}

/** A call of a tool that the model asks for. */
export interface ToolCall {
  /** Ties the result to the call. */
  readonly id: string;
  readonly name: string;
  /** The arguments as JSON text, exactly as the model wrote them. */
  readonly arguments: string;
  /** The vendor's own data on the call (for example a thought signature), passed back word for word. */
  readonly providerData?: Readonly<Record<string, unknown>>;
}

interface MessageBase {
  /** Keeps the message through every trim. @defaultValue false */
  readonly pinned?: boolean;
  /** The speaker's name, where several speak in one role. */
  readonly name?: string;
}

/** Instructions to the model. */
export interface SystemMessage extends MessageBase {
  readonly role: 'system';
  readonly content: string;
}

/** What the user says. */
export interface UserMessage extends MessageBase {
  readonly role: 'user';
  readonly content: string | readonly (TextPart | ImagePart | FilePart)[];
}

/** What the model said, and the tools it asked for. */
export interface AssistantMessage extends MessageBase {
  readonly role: 'assistant';
  readonly content: string | readonly (TextPart | ReasoningPart)[];
  readonly toolCalls?: readonly ToolCall[];
}

/** What a tool returned. */
export interface ToolMessage extends MessageBase {
  readonly role: 'tool';
  /** The `id` of the call this answers. */
  readonly toolCallId: string;
  readonly content: string | readonly (TextPart | ImagePart | FilePart)[];
  /** True where the tool failed. @defaultValue false */
  readonly isError?: boolean;
}

/** One message of a conversation. Plain JSON. */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

/** The text of a message: its text parts joined by line feeds; images, files and reasoning left out. */
export function textOf(message: Message): string {
  if (typeof message.content === 'string') return message.content;
  const texts: string[] = [];
  for (const part of message.content) if (part.type === 'text') texts.push(part.text);
  return texts.join('\n');
}
