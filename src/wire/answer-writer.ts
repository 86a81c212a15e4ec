import { completedEvent, labelsOf, type Completion } from '../attempt-events.ts';
import { ProviderError } from '../errors.ts';
import type { AttemptLabels, ChainEvent } from '../event.ts';
import type { ReaderOptions } from './stream-reader.ts';
import { toProviderError } from './to-provider-error.ts';
import { readVendorError } from './vendor-error.ts';

type ProviderData = Readonly<Record<string, unknown>>;

/** A tool call that is whole. */
export interface WholeCall {
  /** `undefined` where the vendor gives none: one is made that is unique in the run. */
  readonly id: string | undefined;
  readonly name: string;
  /** JSON text. */
  readonly arguments: string;
  readonly providerData?: ProviderData | undefined;
}

/** Writes the events of one answer, with its labels, and makes its errors. What readers of all protocols share. */
export class AnswerWriter {
  readonly provider: string;
  readonly #labels: AttemptLabels;
  readonly #secrets: readonly string[];
  #toolCalls = 0;
  #hasContent = false;

  constructor({ labels, provider, secrets = [] }: ReaderOptions) {
    // Copied field by field: a context has more in it than labels, and none of that belongs into events.
    this.#labels = labelsOf(labels);
    this.provider = provider;
    this.#secrets = secrets;
  }

  /** Whether anything of the answer has come. */
  get hasContent(): boolean {
    return this.#hasContent;
  }

  /** How many tool calls were written. */
  get toolCalls(): number {
    return this.#toolCalls;
  }

  token(text: string, batch: ChainEvent[]): void {
    if (text === '') return;
    this.#hasContent = true;
    // Written out: a spread costs more than all the rest of this path.
    const { req_id, call, phase, attempt, answer } = this.#labels;
    batch.push({ type: 'token', req_id, call, phase, attempt, answer, text });
  }

  /** Without text only where there is data to be passed back. */
  reasoning(text: string, batch: ChainEvent[], providerData?: ProviderData): void {
    if (text === '' && providerData === undefined) return;
    this.#hasContent = true;
    const { req_id, call, phase, attempt, answer } = this.#labels;
    const event = { type: 'reasoning', req_id, call, phase, attempt, answer, text } as const;
    batch.push(providerData === undefined ? event : { ...event, providerData });
  }

  toolCall({ id, name, arguments: text, providerData }: WholeCall, batch: ChainEvent[]): void {
    this.#hasContent = true;
    const event = {
      type: 'tool-call',
      ...this.#labels,
      id: id ?? this.#ownId(),
      name,
      arguments: text === '' ? '{}' : text,
    } as const;
    this.#toolCalls += 1;
    batch.push(providerData === undefined ? event : { ...event, providerData });
  }

  complete(completion: Completion, batch: ChainEvent[]): void {
    batch.push(completedEvent(this.#labels, completion));
  }

  /** What the vendor says went wrong. */
  failure(body: unknown): ProviderError {
    return toProviderError(readVendorError(body), { provider: this.provider, secrets: this.#secrets });
  }

  /** A stream that has its end but nothing in it. */
  empty(): ProviderError {
    return new ProviderError('empty-response', `${this.provider} ended the stream without an answer.`, {
      retryable: true,
      maybeAccepted: true,
    });
  }

  /** The vendor gave up without an error of its own. */
  gaveUp(reason: string, code: 'server' | 'overloaded' = 'server'): ProviderError {
    return new ProviderError(code, `${this.provider} gave the answer up (${reason}).`, {
      retryable: true,
      vendorCode: reason,
      maybeAccepted: true,
    });
  }

  /** The same for the same answer, and letters, digits and `_` only, which every vendor takes. */
  #ownId(): string {
    const { req_id, call, attempt } = this.#labels;
    const run = req_id.replace(/[^A-Za-z0-9]/g, '').slice(-12);
    return `call_${run}_${call}_${attempt}_${this.#toolCalls}`;
  }
}
