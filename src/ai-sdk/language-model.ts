/*
 * What katamari uses of the AI SDK's language model specification, version 4, written down by shape: the package itself is never imported,
 * so that it is no dependency and any copy of it fits. Versions 3 and 2 differ in what `older-prompt.ts` and `finish-account.ts` say.
 */

/** A language model of the AI SDK: what `openai('gpt-5-mini')`, `anthropic('claude-sonnet-5')` and their like return. */
export interface AiSdkModel {
  readonly specificationVersion: 'v4' | 'v3' | 'v2';
  /** For example `openai.responses`. */
  readonly provider: string;
  readonly modelId: string;
  /** Patterns of the URLs that the model loads itself, by media type. */
  readonly supportedUrls: SupportedUrls | PromiseLike<SupportedUrls>;
  /** Called with `CallOptions`; written as `never` so that models of every version fit. */
  doStream(options: never): PromiseLike<{ readonly stream: ReadableStream<unknown> }>;
}

/** Patterns of URLs, by media type such as `image/*`. */
export type SupportedUrls = Readonly<Record<string, readonly RegExp[]>>;

/** Extras by provider name. */
export type ProviderOptions = Record<string, Record<string, unknown>>;

interface WithOptions {
  providerOptions?: ProviderOptions;
}

/** Where the bytes of a file are: right here as base64, or somewhere else. */
export type FileData =
  | { readonly type: 'data'; readonly data: string }
  | { readonly type: 'url'; readonly url: URL };

export interface TextPromptPart extends WithOptions {
  type: 'text';
  text: string;
}

export interface FilePromptPart extends WithOptions {
  type: 'file';
  data: FileData;
  mediaType: string;
  filename?: string;
}

export interface ReasoningPromptPart extends WithOptions {
  type: 'reasoning';
  text: string;
}

export interface ToolCallPromptPart extends WithOptions {
  type: 'tool-call';
  toolCallId: string;
  toolName: string;
  input: unknown;
}

/** What a tool returned. */
export type ToolOutput =
  | { type: 'text' | 'error-text'; value: string }
  | { type: 'content'; value: (TextPromptPart | FilePromptPart)[] };

export interface ToolResultPromptPart extends WithOptions {
  type: 'tool-result';
  toolCallId: string;
  toolName: string;
  output: ToolOutput;
}

/** A piece of what either side says. */
export type PromptPart =
  | TextPromptPart
  | FilePromptPart
  | ReasoningPromptPart
  | ToolCallPromptPart
  | ToolResultPromptPart;

/** A message as the model takes it. */
export type PromptMessage =
  | { role: 'system'; content: string }
  | { role: 'user'; content: (TextPromptPart | FilePromptPart)[] }
  | { role: 'assistant'; content: (TextPromptPart | ReasoningPromptPart | ToolCallPromptPart)[] }
  | { role: 'tool'; content: ToolResultPromptPart[] };

/** What one call of `doStream` is asked. */
export interface CallOptions extends WithOptions {
  prompt: PromptMessage[];
  maxOutputTokens?: number;
  temperature?: number;
  topP?: number;
  stopSequences?: string[];
  seed?: number;
  responseFormat?: { type: 'json'; schema?: Record<string, unknown>; name?: string };
  tools?: {
    type: 'function';
    name: string;
    description?: string;
    inputSchema: Record<string, unknown>;
  }[];
  toolChoice?: { type: 'auto' | 'none' | 'required' } | { type: 'tool'; toolName: string };
  /** Since version 4. */
  reasoning?: 'none' | 'minimal' | 'low' | 'medium' | 'high';
  abortSignal?: AbortSignal;
}
