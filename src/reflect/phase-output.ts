import type { AttemptEndEvent, ChainEvent, FinishReason, ToolCallEvent } from '../event.ts';

/** What a phase has written so far. */
export class PhaseOutput {
  text = '';
  toolCalls: ToolCallEvent[] = [];
  finishReason: FinishReason = 'unknown';
  call = 0;
  attempt = 0;
  /** Whether text or a tool call is before the consumer's eyes that is not void. */
  shown = false;

  add(batch: readonly ChainEvent[]): void {
    for (const event of batch) {
      if (event.type === 'token') {
        this.text += event.text;
        this.shown ||= event.text !== '';
      } else if (event.type === 'tool-call') {
        this.toolCalls.push(event);
        this.shown = true;
      } else if (event.type === 'attempt-end') this.#end(event);
    }
  }

  /** What a failed attempt wrote is not the beginning of the next one's text. */
  #end({ outcome, superseded, finishReason, call, attempt }: AttemptEndEvent): void {
    if (superseded) this.shown = false;
    if (outcome !== 'completed' || superseded) {
      this.text = '';
      this.toolCalls = [];
    } else {
      this.finishReason = finishReason;
      this.call = call;
      this.attempt = attempt;
    }
  }
}
