import type { ChainEvent } from '../../event.ts';
import { AnswerWriter } from '../answer-writer.ts';
import { asRecord, asText, type JsonRecord } from '../json-record.ts';
import { malformed, parseData, truncated } from '../parse-data.ts';
import type { ReaderOptions, StreamReader } from '../stream-reader.ts';
import { isVendorError, readVendorError } from '../vendor-error.ts';
import { isFailure, toFinishReason } from './finish-reason.ts';
import { UsageAccount } from './usage-account.ts';

/** Reads the stream of `POST …:streamGenerateContent?alt=sse`. It has no terminal event: the end of the body is the end. */
export function readStream(options: ReaderOptions): StreamReader {
  return new GenerateReader(options);
}

class GenerateReader implements StreamReader {
  readonly #writer: AnswerWriter;
  readonly #usage = new UsageAccount();
  #vendorReason: string | null = null;
  #isBlocked = false;
  #servedModel: string | undefined;

  constructor(options: ReaderOptions) {
    this.#writer = new AnswerWriter(options);
  }

  read(data: string, batch: ChainEvent[]): boolean {
    this.#readChunk(parseData(data, this.#writer.provider), batch);
    return false;
  }

  /** A document among the events is an error; one in their place may be the answer of a proxy that does not stream. */
  readWhole(json: unknown, batch: ChainEvent[]): void {
    const body = asRecord(json);
    const isAnswer =
      body !== undefined &&
      !isVendorError(body) &&
      (body['candidates'] ?? body['promptFeedback']) !== undefined;
    if (!isAnswer || this.#writer.hasContent) {
      if (readVendorError(json) === null)
        throw malformed(this.#writer.provider, 'sent a JSON document that is no answer');
      throw this.#writer.failure(json);
    }
    this.#readChunk(body, batch);
    this.end(batch);
  }

  #readChunk(chunk: JsonRecord, batch: ChainEvent[]): void {
    if (isVendorError(chunk)) throw this.#writer.failure(chunk);
    this.#usage.update(chunk['usageMetadata']);
    this.#servedModel = asText(chunk['modelVersion']) ?? this.#servedModel;
    const candidates = chunk['candidates'];
    const candidate = Array.isArray(candidates) ? asRecord(candidates[0]) : undefined;
    if (candidate !== undefined) this.#readCandidate(candidate, batch);
    const blocked = asText(asRecord(chunk['promptFeedback'])?.['blockReason']);
    if (blocked !== undefined && candidate === undefined) {
      this.#isBlocked = true;
      this.#vendorReason = blocked;
    }
  }

  get isWhole(): boolean {
    return this.#vendorReason !== null;
  }

  end(batch: ChainEvent[]): void {
    const vendorReason = this.#vendorReason;
    if (vendorReason === null) throw truncated(this.#writer.provider);
    let finishReason = this.#isBlocked ? 'content-filter' : toFinishReason(vendorReason);
    if (finishReason === 'stop' && this.#writer.toolCalls > 0) finishReason = 'tool-calls';
    this.#writer.complete(
      { finishReason, vendorReason, usage: this.#usage.toUsage(), servedModel: this.#servedModel },
      batch,
    );
  }

  #readCandidate(candidate: JsonRecord, batch: ChainEvent[]): void {
    const parts = asRecord(candidate['content'])?.['parts'];
    if (Array.isArray(parts)) for (const part of parts) this.#readPart(asRecord(part), batch);
    const reason = asText(candidate['finishReason']);
    if (reason === undefined || reason === 'FINISH_REASON_UNSPECIFIED') return;
    if (isFailure(reason)) throw this.#writer.gaveUp(reason);
    this.#vendorReason = reason;
  }

  /** Pictures, and the code that the host itself runs, have no place among the events: they are passed over. */
  #readPart(part: JsonRecord | undefined, batch: ChainEvent[]): void {
    if (part === undefined) return;
    const signature = asText(part['thoughtSignature']);
    const providerData = signature === undefined ? undefined : { thoughtSignature: signature };
    const call = asRecord(part['functionCall']);
    if (call !== undefined) {
      const name = asText(call['name']) ?? '';
      const text = JSON.stringify(asRecord(call['args']) ?? {});
      this.#writer.toolCall({ id: asText(call['id']), name, arguments: text, providerData }, batch);
      return;
    }
    const text = asText(part['text']) ?? '';
    if (part['thought'] === true) {
      this.#writer.reasoning(text, batch, providerData);
      return;
    }
    this.#writer.token(text, batch);
    // The proof stands behind the words it came with.
    if (providerData !== undefined) this.#writer.reasoning('', batch, providerData);
  }
}
