import type { ChainEvent, FinishReason } from '../../event.ts';
import { AnswerWriter } from '../answer-writer.ts';
import { EventTemplate, type PlainForm } from '../event-template.ts';
import { asNumber, asRecord, asText, type JsonRecord } from '../json-record.ts';
import { malformed, parseData, truncated } from '../parse-data.ts';
import type { ReaderOptions, StreamReader } from '../stream-reader.ts';
import { isVendorError, readVendorError } from '../vendor-error.ts';
import { FunctionCalls } from './function-calls.ts';
import { readUsage } from './read-usage.ts';

/** Reads the stream of `POST /responses`. */
export function readStream(options: ReaderOptions): StreamReader {
  return new ResponsesReader(options);
}

/** A piece of the text of one item; of which, stands in what is the same in all its pieces. */
const plainDelta: PlainForm = {
  key: 'delta',
  passing: ['sequence_number', 'obfuscation'],
  textOf({ type, delta }) {
    return type === 'response.output_text.delta' && typeof delta === 'string' ? delta : undefined;
  },
};

/** Events go by the type in their data: not every host names them. Tools that the host runs itself have events of their own, passed over. */
class ResponsesReader implements StreamReader {
  readonly #writer: AnswerWriter;
  readonly #calls = new FunctionCalls();
  readonly #template = new EventTemplate(plainDelta);
  /** Items, by their place in the output, whose text or thought has come in pieces. */
  readonly #told = new Set<number>();
  #lastTold: number | undefined;
  #hasEvents = false;
  #hasRefusal = false;

  constructor(options: ReaderOptions) {
    this.#writer = new AnswerWriter(options);
  }

  read(data: string, batch: ChainEvent[]): boolean {
    const text = this.#template.match(data);
    if (text !== undefined) {
      this.#writer.token(text, batch);
      return false;
    }
    // Events begin with `{`; only what does not is looked at more closely.
    if (data.charCodeAt(0) !== 0x7b && data.trim() === '[DONE]') {
      // It stands behind the terminal event, which has ended the reading.
      if (!this.#hasEvents) throw this.#writer.empty();
      throw truncated(this.#writer.provider);
    }
    this.#hasEvents = true;
    const event = parseData(data, this.#writer.provider);
    switch (event['type']) {
      case 'response.output_text.delta':
        this.#tell(event);
        this.#writer.token(asText(event['delta']) ?? '', batch);
        this.#template.learn(data, event);
        return false;
      case 'response.refusal.delta':
        this.#tell(event);
        this.#hasRefusal = true;
        this.#writer.token(asText(event['delta']) ?? '', batch);
        return false;
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        this.#tell(event);
        this.#writer.reasoning(asText(event['delta']) ?? '', batch);
        return false;
      case 'response.reasoning_summary_part.added':
        // A summary of several parts is several paragraphs.
        if ((asNumber(event['summary_index']) ?? 0) > 0) this.#writer.reasoning('\n\n', batch);
        return false;
      case 'response.output_item.done':
        this.#readItem(asRecord(event['item']), asNumber(event['output_index']) ?? -1, batch);
        return false;
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
      case 'response.cancelled':
        this.#finish(asRecord(event['response']) ?? {}, batch);
        return true;
      case 'error':
        throw this.#writer.failure(event);
      default:
        if (event['type'] === undefined && isVendorError(event)) throw this.#writer.failure(event);
        return false;
    }
  }

  readWhole(json: unknown, batch: ChainEvent[]): void {
    const body = asRecord(json);
    if (body === undefined || !Array.isArray(body['output']) || this.#writer.hasContent) {
      if (readVendorError(json) === null)
        throw malformed(this.#writer.provider, 'sent a JSON document that is no answer');
      throw this.#writer.failure(json);
    }
    this.#finish(body, batch);
  }

  end(): void {
    throw truncated(this.#writer.provider);
  }

  #tell(event: JsonRecord): void {
    const index = asNumber(event['output_index']) ?? -1;
    // One comparison for each token but an item's first, in place of a look-up.
    if (index === this.#lastTold) return;
    this.#lastTold = index;
    this.#told.add(index);
  }

  /** An item that is whole: of thoughts the encrypted form comes only now, of texts nothing that is not known, unless it came in one piece. */
  #readItem(item: JsonRecord | undefined, index: number, batch: ChainEvent[]): void {
    if (item === undefined) return;
    const isTold = this.#told.has(index);
    this.#told.add(index);
    if (item['type'] === 'function_call') this.#calls.add(item);
    else if (item['type'] === 'message' && !isTold) this.#readContent(item['content'], batch);
    else if (item['type'] === 'reasoning') this.#readReasoning(item, isTold, batch);
  }

  #readContent(content: unknown, batch: ChainEvent[]): void {
    for (const value of Array.isArray(content) ? content : []) {
      const part = asRecord(value);
      const refusal = asText(part?.['refusal']);
      if (refusal !== undefined) this.#hasRefusal = true;
      this.#writer.token(asText(part?.['text']) ?? refusal ?? '', batch);
    }
  }

  #readReasoning(item: JsonRecord, isTold: boolean, batch: ChainEvent[]): void {
    const pieces = [item['summary'], item['content']].find((list) => Array.isArray(list) && list.length > 0);
    const texts = Array.isArray(pieces) ? pieces.map((piece) => asText(asRecord(piece)?.['text']) ?? '') : [];
    if (!isTold) this.#writer.reasoning(texts.join('\n\n'), batch);
    const encrypted = asText(item['encrypted_content']);
    if (encrypted === undefined) return;
    const id = asText(item['id']);
    this.#writer.reasoning('', batch, { ...(id === undefined ? {} : { id }), encrypted_content: encrypted });
  }

  #finish(response: JsonRecord, batch: ChainEvent[]): void {
    const status = asText(response['status']);
    if (asRecord(response['error']) !== undefined) throw this.#writer.failure({ error: response['error'] });
    if (status === 'failed' || status === 'cancelled') throw this.#writer.gaveUp(status);
    this.#readMissed(response['output'], batch);
    const reason = asText(asRecord(response['incomplete_details'])?.['reason']);
    const vendorReason = reason ?? status ?? null;
    const isCutOff = reason !== undefined || status === 'incomplete';
    for (const call of this.#calls.whole(isCutOff)) this.#writer.toolCall(call, batch);
    const finishReason = isCutOff ? toFinishReason(reason) : this.#goodEnd();
    const servedModel = asText(response['model']);
    this.#writer.complete(
      { finishReason, vendorReason, usage: readUsage(response['usage']), servedModel },
      batch,
    );
  }

  /** What the terminal event repeats. Of texts it counts only where none has come: a gateway may have left items out, and so moved places. */
  #readMissed(output: unknown, batch: ChainEvent[]): void {
    const isSilent = !this.#writer.hasContent;
    for (const [index, value] of (Array.isArray(output) ? output : []).entries()) {
      const item = asRecord(value);
      if (item?.['type'] === 'function_call') this.#calls.add(item);
      else if (isSilent) this.#readItem(item, index, batch);
    }
  }

  #goodEnd(): FinishReason {
    if (this.#writer.toolCalls > 0) return 'tool-calls';
    return this.#hasRefusal ? 'refusal' : 'stop';
  }
}

function toFinishReason(reason: string | undefined): FinishReason {
  if (reason === 'max_output_tokens') return 'length';
  return reason === 'content_filter' ? 'content-filter' : 'unknown';
}
