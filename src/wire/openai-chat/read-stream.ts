import { labelsOf } from '../../attempt-events.ts';
import type { ProviderError } from '../../errors.ts';
import type { AttemptLabels, ChainEvent, Usage } from '../../event.ts';
import { AnswerWriter } from '../answer-writer.ts';
import { EventTemplate } from '../event-template.ts';
import { asRecord, asText, type JsonRecord } from '../json-record.ts';
import { malformed, parseData, truncated } from '../parse-data.ts';
import type { ReaderOptions, StreamReader } from '../stream-reader.ts';
import { isVendorError, readVendorError } from '../vendor-error.ts';
import { readContentParts } from './content-parts.ts';
import { isFailure, toFinishReason } from './finish-reason.ts';
import { plainChunk } from './plain-chunk.ts';
import { readUsage } from './read-usage.ts';
import { ToolCalls } from './tool-calls.ts';

/** Reads the stream of `POST /chat/completions`, of whichever host. */
export function readStream(options: ReaderOptions): StreamReader {
  return new ChatReader(options);
}

class ChatReader implements StreamReader {
  readonly #labels: AttemptLabels;
  readonly #writer: AnswerWriter;
  readonly #toolCalls = new ToolCalls();
  readonly #template = new EventTemplate(plainChunk);
  #usage: Usage | null = null;
  #vendorReason: string | null = null;
  #servedModel: string | undefined;
  #hasRefusal = false;

  constructor(options: ReaderOptions) {
    this.#labels = labelsOf(options.labels);
    this.#writer = new AnswerWriter(options);
  }

  read(data: string, batch: ChainEvent[]): boolean {
    const text = this.#template.match(data);
    if (text !== undefined) {
      this.#writer.token(text, batch);
      return false;
    }
    // Chunks begin with `{`; only what does not is looked at more closely.
    if (data.charCodeAt(0) !== 0x7b && data.trim() === '[DONE]') {
      if (!this.#hasAnything()) throw this.#writer.empty();
      this.#complete(batch);
      return true;
    }
    const chunk = parseData(data, this.#writer.provider);
    this.#readChunk(chunk, batch);
    this.#template.learn(data, chunk);
    return false;
  }

  readWhole(json: unknown, batch: ChainEvent[]): void {
    const body = asRecord(json);
    const isAnswer = body !== undefined && Array.isArray(body['choices']) && !isVendorError(body);
    if (!isAnswer || this.#writer.hasContent) {
      if (readVendorError(json) === null)
        throw malformed(this.#writer.provider, 'sent a JSON document that is no answer');
      throw this.#writer.failure(json);
    }
    this.#readChunk(body, batch);
    this.end(batch);
  }

  get isWhole(): boolean {
    return this.#vendorReason !== null;
  }

  end(batch: ChainEvent[]): void {
    if (this.#vendorReason === null) throw truncated(this.#writer.provider);
    this.#complete(batch);
  }

  #readChunk(chunk: JsonRecord, batch: ChainEvent[]): void {
    const choices = chunk['choices'];
    const choice = Array.isArray(choices) ? firstChoice(choices) : undefined;
    if (choice !== undefined) this.#readChoice(choice, batch);
    if (this.#servedModel === undefined) this.#servedModel = asText(chunk['model']);
    const usage = chunk['usage'];
    if (usage !== undefined && usage !== null) this.#usage = readUsage(usage) ?? this.#usage;
    const groq = chunk['x_groq'];
    if (groq !== undefined && groq !== null) this.#readGroq(asRecord(groq));
    this.#throwIfError(chunk, choice);
  }

  /** Older Groq streams have their usage here only. */
  #readGroq(groq: JsonRecord | undefined): void {
    this.#usage = readUsage(groq?.['usage']) ?? this.#usage;
    if (groq !== undefined && isVendorError(groq)) throw this.#writer.failure(groq);
  }

  #readChoice(choice: JsonRecord, batch: ChainEvent[]): void {
    // A whole `message` stands in answers that do not stream; some hosts also repeat all so far in it, beside the delta.
    const delta = choice['delta'] ?? (this.#writer.hasContent ? undefined : choice['message']);
    if (typeof delta === 'object' && delta !== null) this.#readDelta(delta as JsonRecord, batch);
    const reason = choice['finish_reason'];
    if (typeof reason === 'string' && reason !== '' && reason !== 'null') this.#vendorReason = reason;
  }

  #readDelta(delta: JsonRecord, batch: ChainEvent[]): void {
    this.#readReasoning(delta, batch);
    const content = delta['content'];
    if (typeof content === 'string') this.#writer.token(content, batch);
    else if (Array.isArray(content)) this.#readParts(content, batch);
    const refusal = delta['refusal'];
    if (typeof refusal === 'string' && refusal !== '') {
      this.#hasRefusal = true;
      this.#writer.token(refusal, batch);
    }
    const calls = delta['tool_calls'];
    if (Array.isArray(calls)) this.#toolCalls.add(calls);
  }

  /** Hosts that send the thought under both names send it twice: the first that holds text counts. */
  #readReasoning(delta: JsonRecord, batch: ChainEvent[]): void {
    const text = asText(delta['reasoning_content']) ?? asText(delta['reasoning']);
    const details = delta['reasoning_details'];
    if (Array.isArray(details) && details.length > 0) {
      this.#writer.reasoning(text ?? '', batch, { reasoning_details: details as unknown[] });
    } else if (text !== undefined) {
      this.#writer.reasoning(text, batch);
    }
  }

  #readParts(parts: readonly unknown[], batch: ChainEvent[]): void {
    for (const { isThought, text } of readContentParts(parts)) {
      if (isThought) this.#writer.reasoning(text, batch);
      else this.#writer.token(text, batch);
    }
  }

  /** An error stands alone, beside `choices` or inside a choice; a finish reason can be one too. */
  #throwIfError(chunk: JsonRecord, choice: JsonRecord | undefined): void {
    if (isVendorError(chunk)) throw this.#writer.failure(chunk);
    if (choice === undefined) {
      if (chunk['choices'] === undefined) this.#throwIfStranger(chunk);
      return;
    }
    if (isVendorError(choice)) throw this.#writer.failure(choice);
    const reason = this.#vendorReason;
    if (reason !== null && isFailure(reason)) throw this.#failed(reason);
  }

  /** An object that is no chunk: an error without the mark of one, or something to pass over, such as a keep-alive. */
  #throwIfStranger(chunk: JsonRecord): void {
    if (chunk['usage'] !== undefined || chunk['id'] !== undefined) return;
    if (readVendorError(chunk) !== null) throw this.#writer.failure(chunk);
  }

  #failed(reason: string): ProviderError {
    const isServer = reason === 'error' || reason === 'abort' || reason === 'network_error';
    return this.#writer.gaveUp(reason, isServer ? 'server' : 'overloaded');
  }

  #hasAnything(): boolean {
    return (
      this.#writer.hasContent ||
      this.#vendorReason !== null ||
      this.#usage !== null ||
      this.#toolCalls.size > 0
    );
  }

  #complete(batch: ChainEvent[]): void {
    const vendorReason = this.#vendorReason;
    let finishReason = vendorReason === null ? 'unknown' : toFinishReason(vendorReason);
    const calls = this.#toolCalls.toEvents(
      this.#labels,
      finishReason === 'length' || finishReason === 'content-filter',
    );
    batch.push(...calls);
    // Many hosts say `stop` although the model asks for tools.
    if (calls.length > 0 && (finishReason === 'stop' || finishReason === 'unknown'))
      finishReason = 'tool-calls';
    if (this.#hasRefusal && finishReason === 'stop') finishReason = 'refusal';
    this.#writer.complete(
      { finishReason, vendorReason, usage: this.#usage, servedModel: this.#servedModel },
      batch,
    );
  }
}

/** The choice with index 0: of several answers to one request only the first is read. */
function firstChoice(choices: readonly unknown[]): JsonRecord | undefined {
  for (const item of choices) {
    const choice = asRecord(item);
    if (choice !== undefined && (choice['index'] === 0 || typeof choice['index'] !== 'number')) return choice;
  }
  return undefined;
}
