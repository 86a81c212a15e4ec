import type { AttemptEndEvent, FinishReason, ReasoningEvent, TokenEvent, ToolCallEvent } from '../event.ts';
import type { AssistantMessage, ReasoningPart, ToolCall } from '../message.ts';
import { TextBuffer } from './text-buffer.ts';

/** What one attempt has written of the answer. */
interface Written {
  readonly call: number;
  readonly attempt: number;
  readonly text: TextBuffer;
  readonly reasoning: { text: string; providerData?: Readonly<Record<string, unknown>> }[];
  readonly toolCalls: ToolCall[];
}

/** The answer of a run, put together from its events; what a superseded attempt wrote is taken out. */
export class AnswerAccount {
  #attempts: readonly Written[] = [];
  readonly #finishReasons = new Map<number, FinishReason>();
  /** The attempt that wrote last: almost always the one that writes next. */
  #current: Written | undefined;
  #lastAnswering: number | undefined;

  get text(): string {
    return this.#attempts.map(({ text }) => String(text)).join('');
  }

  get toolCalls(): readonly ToolCall[] {
    return this.#attempts.flatMap(({ toolCalls }) => toolCalls);
  }

  /** The answer as a message for the next request. Thought goes back only with the vendor's proof of it. */
  get message(): AssistantMessage {
    const { text, toolCalls } = this;
    const thoughts = this.#attempts.flatMap(({ reasoning }) => reasoning);
    const proven = thoughts.filter(({ providerData }) => providerData !== undefined);
    const reasoning = proven.map((part): ReasoningPart => ({ type: 'reasoning', ...part }));
    return {
      role: 'assistant',
      content:
        reasoning.length === 0
          ? text
          : [...reasoning, ...(text === '' ? [] : [{ type: 'text', text } as const])],
      ...(toolCalls.length > 0 && { toolCalls }),
    };
  }

  /** That of the call which wrote the end of the answer. */
  get finishReason(): FinishReason {
    const call = this.#current?.call ?? this.#lastAnswering ?? Math.max(0, ...this.#finishReasons.keys());
    return this.#finishReasons.get(call) ?? 'stop';
  }

  write(event: TokenEvent): void {
    this.#of(event).text.append(event.text);
  }

  think(event: ReasoningEvent): void {
    const { reasoning } = this.#of(event);
    const { text, providerData } = event;
    const last = reasoning.at(-1);
    // A proof closes the thought that it belongs to.
    if (last === undefined || last.providerData !== undefined)
      reasoning.push({ text, ...(providerData && { providerData }) });
    else {
      last.text += text;
      if (providerData !== undefined) last.providerData = providerData;
    }
  }

  ask({ id, name, arguments: text, providerData, ...event }: ToolCallEvent): void {
    this.#of(event).toolCalls.push({ id, name, arguments: text, ...(providerData && { providerData }) });
  }

  end(event: AttemptEndEvent): void {
    this.#finishReasons.set(event.call, event.finishReason);
    if (event.answer) this.#lastAnswering = event.call;
    if (!event.superseded) return;
    this.#attempts = this.#attempts.filter((written) => !isOf(written, event));
    this.#current = undefined;
  }

  #of({ call, attempt }: Labels): Written {
    const known = this.#current;
    if (known?.call === call && known.attempt === attempt) return known;
    let written = this.#attempts.find((one) => isOf(one, { call, attempt }));
    if (written === undefined) {
      written = { call, attempt, text: new TextBuffer(), reasoning: [], toolCalls: [] };
      this.#attempts = [...this.#attempts, written];
    }
    this.#current = written;
    return written;
  }
}

type Labels = Pick<Written, 'call' | 'attempt'>;

function isOf(one: Labels, other: Labels): boolean {
  return one.call === other.call && one.attempt === other.attempt;
}
