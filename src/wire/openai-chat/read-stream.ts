import { completedEvent, labelsOf } from '../../attempt-events.ts';
import { ProviderError } from '../../errors.ts';
import type { AttemptLabels, ChainEvent, Usage } from '../../event.ts';
import { EventTemplate } from '../event-template.ts';
import { asRecord, asText, type JsonRecord } from '../json-record.ts';
import { malformed, parseData, truncated } from '../parse-data.ts';
import type { StreamReader } from '../stream-reader.ts';
import { toProviderError } from '../to-provider-error.ts';
import { isVendorError, readVendorError } from '../vendor-error.ts';
import { readContentParts } from './content-parts.ts';
import { isFailure, toFinishReason } from './finish-reason.ts';
import { plainChunk } from './plain-chunk.ts';
import { readUsage } from './read-usage.ts';
import { ToolCalls } from './tool-calls.ts';

/** Whose answer is read, and for whom. */
export interface ReadStreamOptions {
  readonly labels: AttemptLabels;
  /** The provider's name, for messages. */
  readonly provider: string;
  /** What must not appear in an error. */
  readonly secrets?: readonly string[];
}

/** Reads the stream of `POST /chat/completions`, of whichever host. */
export function readStream(options: ReadStreamOptions): StreamReader {
  return new ChatReader(options);
}

class ChatReader implements StreamReader {
  readonly #labels: AttemptLabels;
  readonly #provider: string;
  readonly #secrets: readonly string[];
  readonly #toolCalls = new ToolCalls();
  readonly #template = new EventTemplate(plainChunk);
  #usage: Usage | null = null;
  #vendorReason: string | null = null;
  #servedModel: string | undefined;
  #hasContent = false;
  #hasRefusal = false;

  constructor({ labels, provider, secrets = [] }: ReadStreamOptions) {
    // Copied: a context has more in it than labels, and none of that belongs into events.
    this.#labels = labelsOf(labels);
    this.#provider = provider;
    this.#secrets = secrets;
  }

  read(data: string, batch: ChainEvent[]): boolean {
    const text = this.#template.match(data);
    if (text !== undefined) {
      this.#pushToken(text, batch);
      return false;
    }
    // Chunks begin with `{`; only what does not is looked at more closely.
    if (data.charCodeAt(0) !== 0x7b && data.trim() === '[DONE]') {
      if (!this.#hasAnything()) throw this.#empty();
      this.#complete(batch);
      return true;
    }
    const chunk = parseData(data, this.#provider);
    this.#readChunk(chunk, batch);
    this.#template.learn(data, chunk);
    return false;
  }

  readWhole(json: unknown, batch: ChainEvent[]): void {
    const body = asRecord(json);
    const isAnswer = body !== undefined && Array.isArray(body['choices']) && !isVendorError(body);
    if (!isAnswer || this.#hasContent) {
      if (readVendorError(json) === null)
        throw malformed(this.#provider, 'sent a JSON document that is no answer');
      throw this.#vendorFailure(json);
    }
    this.#readChunk(body, batch);
    this.end(batch);
  }

  get isWhole(): boolean {
    return this.#vendorReason !== null;
  }

  end(batch: ChainEvent[]): void {
    if (this.#vendorReason === null) throw truncated(this.#provider);
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
    if (groq !== undefined && isVendorError(groq)) throw this.#vendorFailure(groq);
  }

  #readChoice(choice: JsonRecord, batch: ChainEvent[]): void {
    // A whole `message` stands in answers that do not stream; some hosts also repeat all so far in it, beside the delta.
    const delta = choice['delta'] ?? (this.#hasContent ? undefined : choice['message']);
    if (typeof delta === 'object' && delta !== null) this.#readDelta(delta as JsonRecord, batch);
    const reason = choice['finish_reason'];
    if (typeof reason === 'string' && reason !== '' && reason !== 'null') this.#vendorReason = reason;
  }

  #readDelta(delta: JsonRecord, batch: ChainEvent[]): void {
    this.#readReasoning(delta, batch);
    const content = delta['content'];
    if (typeof content === 'string') this.#pushToken(content, batch);
    else if (Array.isArray(content)) this.#readParts(content, batch);
    const refusal = delta['refusal'];
    if (typeof refusal === 'string' && refusal !== '') {
      this.#hasRefusal = true;
      this.#pushToken(refusal, batch);
    }
    const calls = delta['tool_calls'];
    if (Array.isArray(calls)) this.#toolCalls.add(calls);
  }

  /** Hosts that send the thought under both names send it twice: the first that holds text counts. */
  #readReasoning(delta: JsonRecord, batch: ChainEvent[]): void {
    const text = asText(delta['reasoning_content']) ?? asText(delta['reasoning']);
    const details = delta['reasoning_details'];
    if (Array.isArray(details) && details.length > 0) {
      this.#hasContent = true;
      const providerData = { reasoning_details: details as unknown[] };
      batch.push({ type: 'reasoning', ...this.#labels, text: text ?? '', providerData });
    } else if (text !== undefined) {
      this.#pushReasoning(text, batch);
    }
  }

  #readParts(parts: readonly unknown[], batch: ChainEvent[]): void {
    for (const { isThought, text } of readContentParts(parts)) {
      if (isThought) this.#pushReasoning(text, batch);
      else this.#pushToken(text, batch);
    }
  }

  #pushToken(text: string, batch: ChainEvent[]): void {
    if (text === '') return;
    this.#hasContent = true;
    // Written out: a spread costs more than all the rest of this path.
    const { req_id, call, phase, attempt, answer } = this.#labels;
    batch.push({ type: 'token', req_id, call, phase, attempt, answer, text });
  }

  #pushReasoning(text: string, batch: ChainEvent[]): void {
    if (text === '') return;
    this.#hasContent = true;
    const { req_id, call, phase, attempt, answer } = this.#labels;
    batch.push({ type: 'reasoning', req_id, call, phase, attempt, answer, text });
  }

  /** An error stands alone, beside `choices` or inside a choice; a finish reason can be one too. */
  #throwIfError(chunk: JsonRecord, choice: JsonRecord | undefined): void {
    if (isVendorError(chunk)) throw this.#vendorFailure(chunk);
    if (choice === undefined) {
      if (chunk['choices'] === undefined) this.#throwIfStranger(chunk);
      return;
    }
    if (isVendorError(choice)) throw this.#vendorFailure(choice);
    const reason = this.#vendorReason;
    if (reason !== null && isFailure(reason)) throw this.#failed(reason);
  }

  /** An object that is no chunk: an error without the mark of one, or something to pass over, such as a keep-alive. */
  #throwIfStranger(chunk: JsonRecord): void {
    if (chunk['usage'] !== undefined || chunk['id'] !== undefined) return;
    if (readVendorError(chunk) !== null) throw this.#vendorFailure(chunk);
  }

  #vendorFailure(body: unknown): ProviderError {
    return toProviderError(readVendorError(body), { provider: this.#provider, secrets: this.#secrets });
  }

  #failed(reason: string): ProviderError {
    const code =
      reason === 'error' || reason === 'abort' || reason === 'network_error' ? 'server' : 'overloaded';
    return new ProviderError(code, `${this.#provider} gave the answer up (${reason}).`, {
      retryable: true,
      vendorCode: reason,
      maybeAccepted: true,
    });
  }

  #empty(): ProviderError {
    return new ProviderError('empty-response', `${this.#provider} ended the stream without an answer.`, {
      retryable: true,
      maybeAccepted: true,
    });
  }

  #hasAnything(): boolean {
    return (
      this.#hasContent || this.#vendorReason !== null || this.#usage !== null || this.#toolCalls.size > 0
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
    const end = { finishReason, vendorReason, usage: this.#usage, servedModel: this.#servedModel };
    batch.push(completedEvent(this.#labels, end));
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
