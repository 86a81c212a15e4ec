import type { AssistantMessage, FilePart, ImagePart, Message, ReasoningPart, TextPart } from '../message.ts';
import type { ChatRequest, Tool } from '../request.ts';
import { plainMedia, type MediaTokens } from './media-tokens.ts';
import type { TokenCounter } from './token-counter.ts';

/** `<|start|>`, role and separators around a message; OpenAI Cookbook, "How to count tokens with tiktoken": `tokens_per_message`. */
const perMessage = 3;
/** Role and content are counted as text there; every role katamari has is one token in every public encoding. */
const perRole = 1;
/** `tokens_per_name`, from the same page. */
const perName = 1;
/** "Every reply is primed with <|start|>assistant<|message|>", from the same page. */
const replyPriming = 3;
/** `func_init` for each tool (the larger of its two values, 7 and 10), from the same page's part on tools. */
const perTool = 10;
/** The frame of a tool call or result (id, type, name) beyond its texts. Not documented by any vendor: an allowance. */
const perCall = 8;
/**
 * Sizes of messages and requests, for one counter. A message is plain data that does not change, so that its size is kept as long as
 * the message lives: the next trim of a longer history counts only what is new.
 */
export class RequestCounter {
  readonly #counter: TokenCounter;
  readonly #media: MediaTokens;
  readonly #counts = new WeakMap<Message, number>();
  readonly #bounds = new WeakMap<Message, number>();

  /** @param media - costs of pictures, files and tools: `mediaOf(model)` gives a model's. @defaultValue estimates that fit no vendor in particular */
  constructor(counter: TokenCounter, media: MediaTokens = plainMedia) {
    this.#counter = counter;
    this.#media = media;
  }

  /** True where text is counted with the model's own tokenizer; overhead, pictures and files are estimates even then. */
  get exact(): boolean {
    return this.#counter.exact;
  }

  /** Tokens of one message, its overhead included. */
  message(message: Message): number {
    return this.#remembered(this.#counts, message, (text) => this.#counter.count(text));
  }

  /** Never less than `message`, without the table. */
  messageUpperBound(message: Message): number {
    const known = this.#counts.get(message);
    if (known !== undefined) return known;
    const counter = this.#counter;
    if (counter.upperBound === undefined) return this.message(message);
    return this.#remembered(
      this.#bounds,
      message,
      (text) => counter.upperBound?.(text) ?? counter.count(text),
    );
  }

  /** Tokens of a whole request: messages, tools, the answer's form, and the priming of the reply. */
  request(request: ChatRequest): number {
    let tokens = replyPriming;
    for (const message of request.messages) tokens += this.message(message);
    if (request.tools !== undefined) tokens += countTools(request.tools, this.#counter, this.#media);
    const format = request.responseFormat;
    if (format?.schema !== undefined) tokens += this.#counter.count(JSON.stringify(format.schema)) + perCall;
    return tokens;
  }

  #remembered(sizes: WeakMap<Message, number>, message: Message, count: Count): number {
    let size = sizes.get(message);
    if (size === undefined) {
      size = sizeOf(message, count, this.#media);
      sizes.set(message, size);
    }
    return size;
  }
}

/** Tokens of one message, its overhead included. */
export function countMessage(
  message: Message,
  counter: TokenCounter,
  media: MediaTokens = plainMedia,
): number {
  return sizeOf(message, (text) => counter.count(text), media);
}

/**
 * Tokens of tool declarations, as compact JSON and an allowance for each. OpenAI rewrites schemas into a shorter form, so that this
 * is rather too high there.
 */
export function countTools(
  tools: readonly Tool[],
  counter: TokenCounter,
  media: MediaTokens = plainMedia,
): number {
  let tokens = tools.length === 0 ? 0 : media.toolUse;
  for (const { name, description, parameters } of tools) {
    tokens += perTool + counter.count(JSON.stringify({ name, description, parameters }));
  }
  return tokens;
}

/** Tokens of a whole request. For many requests with the same messages keep a {@link RequestCounter}. */
export function countRequest(request: ChatRequest, counter: TokenCounter, media?: MediaTokens): number {
  return new RequestCounter(counter, media).request(request);
}

type Count = (text: string) => number;

function sizeOf(message: Message, count: Count, media: MediaTokens): number {
  let tokens = perMessage + perRole;
  if (message.name !== undefined) tokens += perName + count(message.name);
  if (typeof message.content === 'string') tokens += count(message.content);
  else for (const part of message.content) tokens += partSize(part, count, media);
  if (message.role === 'assistant') tokens += callsSize(message, count);
  if (message.role === 'tool') tokens += perCall + count(message.toolCallId);
  return tokens;
}

function callsSize(message: AssistantMessage, count: Count): number {
  let tokens = 0;
  for (const call of message.toolCalls ?? []) {
    tokens +=
      perCall +
      count(call.id) +
      count(call.name) +
      count(call.arguments) +
      dataSize(call.providerData, count);
  }
  return tokens;
}

function partSize(
  part: TextPart | ReasoningPart | ImagePart | FilePart,
  count: Count,
  media: MediaTokens,
): number {
  switch (part.type) {
    case 'text':
      return count(part.text);
    case 'reasoning':
      return count(part.text) + dataSize(part.providerData, count);
    case 'image':
      return media.image(part);
    case 'file':
      return media.file(part);
  }
}

/** What a vendor wants back word for word: proofs and encrypted thoughts, counted as the JSON they travel as. */
function dataSize(data: Readonly<Record<string, unknown>> | undefined, count: Count): number {
  return data === undefined ? 0 : count(JSON.stringify(data));
}
