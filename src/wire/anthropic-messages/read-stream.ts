import type { ChainEvent } from '../../event.ts';
import { AnswerWriter } from '../answer-writer.ts';
import { EventTemplate, type PlainForm } from '../event-template.ts';
import { asNumber, asRecord, asText, type JsonRecord } from '../json-record.ts';
import { malformed, parseData, truncated } from '../parse-data.ts';
import type { ReaderOptions, StreamReader } from '../stream-reader.ts';
import { isVendorError, readVendorError } from '../vendor-error.ts';
import { toFinishReason } from './stop-reason.ts';
import { UsageAccount } from './usage-account.ts';

/** Reads the stream of `POST /v1/messages`. */
export function readStream(options: ReaderOptions): StreamReader {
  return new MessagesReader(options);
}

/** A piece of the text of one block. What else such an event may hold says nothing. */
const plainDelta: PlainForm = {
  key: 'text',
  passing: [],
  textOf({ type, delta }) {
    const { type: kind, text } = asRecord(delta) ?? {};
    const isPlain = type === 'content_block_delta' && kind === 'text_delta';
    return isPlain && typeof text === 'string' ? text : undefined;
  },
};

/** A tool call; told at the end, when it is known whether it was cut off. */
interface PartialCall {
  readonly id: string | undefined;
  readonly name: string;
  /** The arguments where they came whole, at the call's beginning. */
  readonly input: JsonRecord | undefined;
  json: string;
}

class MessagesReader implements StreamReader {
  readonly #writer: AnswerWriter;
  readonly #usage = new UsageAccount();
  readonly #calls = new Map<number, PartialCall>();
  readonly #template = new EventTemplate(plainDelta);
  #isStarted = false;
  #stopReason: string | null = null;
  #servedModel: string | undefined;

  constructor(options: ReaderOptions) {
    this.#writer = new AnswerWriter(options);
  }

  read(data: string, batch: ChainEvent[]): boolean {
    const text = this.#template.match(data);
    if (text !== undefined) {
      this.#writer.token(text, batch);
      return false;
    }
    const event = parseData(data, this.#writer.provider);
    switch (event['type']) {
      case 'content_block_delta':
        this.#readDelta(event, batch);
        this.#template.learn(data, event);
        return false;
      case 'content_block_start':
        this.#readBlock(asNumber(event['index']) ?? -1, asRecord(event['content_block']), batch);
        return false;
      case 'message_start':
        this.#readStart(asRecord(event['message']));
        return false;
      case 'message_delta':
        this.#readEnd(asRecord(event['delta']), event['usage']);
        return false;
      case 'message_stop':
        if (!this.#isStarted && !this.#writer.hasContent) throw this.#writer.empty();
        this.#complete(batch);
        return true;
      default:
        // A ping, or an event of a later version.
        if (isVendorError(event)) throw this.#writer.failure(event);
        return false;
    }
  }

  readWhole(json: unknown, batch: ChainEvent[]): void {
    const body = asRecord(json);
    const content = body?.['content'];
    if (body?.['type'] !== 'message' || !Array.isArray(content) || this.#writer.hasContent) {
      if (readVendorError(json) === null)
        throw malformed(this.#writer.provider, 'sent a JSON document that is no answer');
      throw this.#writer.failure(json);
    }
    this.#readStart(body);
    for (const [index, block] of content.entries()) this.#readBlock(index, asRecord(block), batch);
    this.#readEnd(body, undefined);
    this.#complete(batch);
  }

  end(): void {
    throw truncated(this.#writer.provider);
  }

  #readStart(message: JsonRecord | undefined): void {
    this.#isStarted = true;
    this.#servedModel = asText(message?.['model']) ?? this.#servedModel;
    this.#usage.update(message?.['usage']);
  }

  #readEnd(delta: JsonRecord | undefined, usage: unknown): void {
    this.#stopReason = asText(delta?.['stop_reason']) ?? this.#stopReason;
    this.#usage.update(usage);
  }

  /** A block mostly begins empty, but may hold all there is: thoughts that are redacted always do. Server tools' blocks are passed over. */
  #readBlock(index: number, block: JsonRecord | undefined, batch: ChainEvent[]): void {
    switch (block?.['type']) {
      case 'text':
        this.#writer.token(asText(block['text']) ?? '', batch);
        break;
      case 'thinking':
        this.#writer.reasoning(asText(block['thinking']) ?? '', batch);
        this.#readSignature(block['signature'], batch);
        break;
      case 'redacted_thinking':
        if (typeof block['data'] === 'string')
          this.#writer.reasoning('', batch, { redacted_thinking: block['data'] });
        break;
      case 'tool_use':
        this.#calls.set(index, {
          id: asText(block['id']),
          name: asText(block['name']) ?? '',
          input: asRecord(block['input']),
          json: '',
        });
        break;
      default:
    }
  }

  #readDelta(event: JsonRecord, batch: ChainEvent[]): void {
    const delta = asRecord(event['delta']);
    switch (delta?.['type']) {
      case 'text_delta':
        this.#writer.token(asText(delta['text']) ?? '', batch);
        break;
      case 'thinking_delta':
        this.#writer.reasoning(asText(delta['thinking']) ?? '', batch);
        break;
      case 'signature_delta':
        this.#readSignature(delta['signature'], batch);
        break;
      case 'input_json_delta': {
        const call = this.#calls.get(asNumber(event['index']) ?? -1);
        if (call !== undefined) call.json += asText(delta['partial_json']) ?? '';
        break;
      }
      default:
    }
  }

  #readSignature(signature: unknown, batch: ChainEvent[]): void {
    if (typeof signature === 'string' && signature !== '') this.#writer.reasoning('', batch, { signature });
  }

  #complete(batch: ChainEvent[]): void {
    const vendorReason = this.#stopReason;
    let finishReason = vendorReason === null ? 'unknown' : toFinishReason(vendorReason);
    // Of a call that was cut off nothing is told; otherwise the model wrote what it wrote.
    const isCutOff = finishReason === 'length' || finishReason === 'refusal';
    for (const { id, name, input, json } of this.#calls.values()) {
      const text = json === '' && input !== undefined ? JSON.stringify(input) : json;
      if (!isCutOff || (text !== '{}' && isJson(text)))
        this.#writer.toolCall({ id, name, arguments: text }, batch);
    }
    if (this.#writer.toolCalls > 0 && (finishReason === 'stop' || vendorReason === null))
      finishReason = 'tool-calls';
    this.#writer.complete(
      { finishReason, vendorReason, usage: this.#usage.toUsage(), servedModel: this.#servedModel },
      batch,
    );
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
