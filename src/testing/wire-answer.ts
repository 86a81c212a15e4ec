import type { FinishReason, Usage } from '../event.ts';

/** A protocol that providers answer in. */
export type Protocol = 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'google-generate';

/** An answer, before it is put into the words of a protocol. Reasoning comes first, then text, then tool calls. */
export interface WireAnswer {
  /** The text, one event per piece. @defaultValue none */
  readonly text?: readonly string[];
  /** What is thought before the text, one event per piece. @defaultValue none */
  readonly reasoning?: readonly string[];
  /** @defaultValue none */
  readonly toolCalls?: readonly { readonly id: string; readonly name: string; readonly arguments: string }[];
  /** What is billed, in katamari's convention; put into the vendor's own. @defaultValue `null`: nothing is reported */
  readonly usage?: Usage | null;
  /** @defaultValue `'stop'`, or `'tool-calls'` where there are any */
  readonly finishReason?: FinishReason;
  /** The model that says it answered. @defaultValue `'test-1'` */
  readonly model?: string;
}

/** One server-sent event. */
export interface WireEvent {
  /** The `event:` line, where the protocol writes one. */
  readonly name?: string;
  readonly data: string;
}

/** An answer as events, in three parts: a stream that is cut inside the first two is not whole. */
export interface EncodedAnswer {
  readonly opening: readonly WireEvent[];
  readonly content: readonly WireEvent[];
  /** From the event that says why the answer ended. */
  readonly ending: readonly WireEvent[];
}

/** An answer with nothing left out. */
export type WholeWireAnswer = Required<WireAnswer>;

/** How one protocol says things. Data and pure functions. */
export interface ProtocolEncoder {
  readonly protocol: Protocol;
  /** The reasons that the protocol has a word for. */
  readonly finishReasons: readonly FinishReason[];
  /** The parts of a usage that the protocol reports. */
  readonly usageFields: readonly (keyof Usage)[];
  /** True where an event says that nothing follows; else the end of the body does. */
  readonly hasTerminalEvent: boolean;
  /** How the vendor ends its lines. */
  readonly lineEnd: '\n' | '\r\n';
  readonly encode: (answer: WholeWireAnswer) => EncodedAnswer;
  /** The body of an answer with an error status. */
  readonly errorBody: (status: number, message: string) => unknown;
  /** How the vendor reports inside a stream that it has no capacity. */
  readonly errorEvents: (message: string) => readonly WireEvent[];
  /** Events that mean nothing and may stand anywhere before the end: pings, and kinds of a later version. */
  readonly noise: readonly WireEvent[];
}

/** An event whose data is JSON. */
export function jsonEvent(data: unknown, name?: string): WireEvent {
  return name === undefined ? { data: JSON.stringify(data) } : { name, data: JSON.stringify(data) };
}

/** The answer with its defaults filled in. */
export function wholeAnswer(answer: WireAnswer): WholeWireAnswer {
  const { text = [], reasoning = [], toolCalls = [], usage = null, model = 'test-1' } = answer;
  const finishReason = answer.finishReason ?? (toolCalls.length > 0 ? 'tool-calls' : 'stop');
  return { text, reasoning, toolCalls, usage, finishReason, model };
}

/** A text in two pieces, as vendors stream the arguments of a tool call. */
export function halves(text: string): readonly string[] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)].filter((piece) => piece !== '');
}
