import type { ChainEvent, IssueEvent } from '../event.ts';
import { AnswerWriter } from '../wire/answer-writer.ts';
import { asRecord, asText, type JsonRecord } from '../wire/json-record.ts';
import { truncated } from '../wire/parse-data.ts';
import type { ReaderOptions } from '../wire/stream-reader.ts';
import { readFinish, toFinishReason, toUsage } from './finish-account.ts';
import { fileIssue, warningIssue, type IssueSource } from './model-issues.ts';
import { toModelError } from './to-model-error.ts';

/** Whose stream is read, and who is told what is not in it. */
export interface PartReaderOptions extends Omit<ReaderOptions, 'secrets'> {
  readonly tell: (issue: IssueEvent) => void;
}

/**
 * Reads the parts of one answer. What has no event is left out: calls that the provider runs itself, with their results, and sources; a
 * generated file is told of once.
 */
export class PartReader {
  readonly provider: string;
  readonly #writer: AnswerWriter;
  readonly #source: IssueSource;
  readonly #tell: (issue: IssueEvent) => void;
  /** The provider's data on the thoughts that are under way, by their id. */
  readonly #thoughts = new Map<unknown, JsonRecord>();
  #servedModel: string | undefined;
  #hasFile = false;

  constructor({ labels, provider, tell }: PartReaderOptions) {
    this.provider = provider;
    this.#writer = new AnswerWriter({ labels, provider });
    this.#source = { req_id: labels.req_id, provider };
    this.#tell = tell;
  }

  /** Whether anything of the answer has come. */
  get hasContent(): boolean {
    return this.#writer.hasContent;
  }

  /**
   * Takes one part. Returns true at the one that ends the answer: nothing after it is read.
   *
   * @throws {@link ProviderError} for an error part, and for an answer that its provider gave up.
   */
  read(value: unknown, batch: ChainEvent[]): boolean {
    const part = asRecord(value) ?? {};
    switch (part['type']) {
      case 'text-delta':
        this.#writer.token(textOf(part), batch);
        return false;
      case 'reasoning-start':
      case 'reasoning-delta':
      case 'reasoning-end':
        this.#readThought(part, batch);
        return false;
      case 'tool-call':
        this.#readCall(part, batch);
        return false;
      case 'finish':
        this.#finish(part, batch);
        return true;
      case 'error':
        throw toModelError(part['error'], { provider: this.provider, hasContent: this.hasContent });
      default:
        this.#readAside(part);
        return false;
    }
  }

  /** What the end of the stream means where no part has ended the answer. */
  end(): Error {
    return this.hasContent ? truncated(this.provider) : this.#writer.empty();
  }

  /** The data of a thought may come with any of its parts, the last one holds; it goes on once, when the thought is whole. */
  #readThought(part: JsonRecord, batch: ChainEvent[]): void {
    const { id } = part;
    const metadata = asRecord(part['providerMetadata']);
    if (metadata !== undefined) this.#thoughts.set(id, metadata);
    if (part['type'] === 'reasoning-delta') this.#writer.reasoning(textOf(part), batch);
    if (part['type'] === 'reasoning-end') this.#closeThought(id, batch);
  }

  #closeThought(id: unknown, batch: ChainEvent[]): void {
    this.#writer.reasoning('', batch, this.#thoughts.get(id));
    this.#thoughts.delete(id);
  }

  #readCall(part: JsonRecord, batch: ChainEvent[]): void {
    if (part['providerExecuted'] === true) return;
    const { input } = part;
    this.#writer.toolCall(
      {
        id: asText(part['toolCallId']),
        name: asText(part['toolName']) ?? '',
        arguments: typeof input === 'string' ? input : JSON.stringify(input ?? {}),
        providerData: asRecord(part['providerMetadata']),
      },
      batch,
    );
  }

  #finish(part: JsonRecord, batch: ChainEvent[]): void {
    for (const id of this.#thoughts.keys()) this.#closeThought(id, batch);
    const finish = readFinish(part['finishReason']);
    const usage = toUsage(part['usage']);
    if (finish.unified === 'error') throw this.#writer.gaveUp(finish.raw ?? 'error');
    const finishReason = toFinishReason(finish);
    if (finishReason === 'unknown' && finish.raw === null && usage === null && !this.hasContent)
      throw this.#writer.empty();
    if (finish.unified === 'interrupted') throw truncated(this.provider);
    this.#writer.complete(
      { finishReason, vendorReason: finish.raw, usage, servedModel: this.#servedModel },
      batch,
    );
  }

  /** What is no part of the answer. */
  #readAside(part: JsonRecord): void {
    if (part['type'] === 'response-metadata')
      this.#servedModel = asText(part['modelId']) ?? this.#servedModel;
    const { warnings } = part;
    if (part['type'] === 'stream-start' && Array.isArray(warnings)) {
      for (const warning of warnings) this.#tell(warningIssue(warning, this.#source));
    }
    if (part['type'] === 'file' && !this.#hasFile) {
      this.#hasFile = true;
      this.#tell(fileIssue(this.#source));
    }
  }
}

function textOf(part: JsonRecord): string {
  return asText(part['delta']) ?? '';
}
