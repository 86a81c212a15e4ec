import type { AttemptEndEvent, ChainEvent, FinishReason, ReasoningEvent, ToolCallEvent } from '../event.ts';

interface Written {
  text: string;
  readonly reasoning: ReasoningEvent[];
  readonly toolCalls: ToolCallEvent[];
}

/** What a phase has written so far, attempt by attempt: one that went on where another broke off adds to it, a superseded one is taken out. */
export class PhaseOutput {
  finishReason: FinishReason = 'unknown';
  /** The attempt that ended last. */
  call = 0;
  attempt = 0;
  readonly #attempts = new Map<string, Written>();

  get text(): string {
    return Array.from(this.#attempts.values(), ({ text }) => text).join('');
  }

  get toolCalls(): readonly ToolCallEvent[] {
    return [...this.#attempts.values()].flatMap(({ toolCalls }) => toolCalls);
  }

  /** The thoughts that the vendor wants back with the answer; none where it gave no proof of them. */
  get reasoning(): readonly ReasoningEvent[] {
    const all = [...this.#attempts.values()].flatMap(({ reasoning }) => reasoning);
    return all.some(({ providerData }) => providerData !== undefined) ? all : [];
  }

  /** Whether text or a tool call is before the consumer's eyes that is not void. */
  get shown(): boolean {
    return [...this.#attempts.values()].some(({ text, toolCalls }) => text !== '' || toolCalls.length > 0);
  }

  add(batch: readonly ChainEvent[]): void {
    for (const event of batch) {
      if (event.type === 'token') this.#of(event).text += event.text;
      else if (event.type === 'tool-call') this.#of(event).toolCalls.push(event);
      else if (event.type === 'reasoning') this.#of(event).reasoning.push(event);
      else if (event.type === 'attempt-end') this.#end(event);
    }
  }

  #end(event: AttemptEndEvent): void {
    if (event.superseded) this.#attempts.delete(keyOf(event));
    this.finishReason = event.finishReason;
    this.call = event.call;
    this.attempt = event.attempt;
  }

  #of(event: TokenLike): Written {
    const key = keyOf(event);
    const written = this.#attempts.get(key) ?? { text: '', reasoning: [], toolCalls: [] };
    this.#attempts.set(key, written);
    return written;
  }
}

type TokenLike = Pick<AttemptEndEvent, 'call' | 'attempt'>;

function keyOf({ call, attempt }: TokenLike): string {
  return `${call}.${attempt}`;
}
