import type { Run } from '../../run.ts';
import { toChatError } from './chat-error.ts';
import { finishReasonOf, toolCallsOf, usageOf, type CompletionHead } from './completion-form.ts';

/** What is sent. */
export interface ChunkOptions {
  readonly head: CompletionHead;
  /** Whether a last chunk says what was billed. */
  readonly includeUsage: boolean;
}

/**
 * A run as chunks of a chat completion, as they stand in the stream. The answer's text alone: drafts, critiques and thoughts are not part of
 * it. What can't be taken back is not sent twice: an attempt that fails after its first text is not repeated.
 *
 * @throws what the run throws before its first text; what it throws after that is the last chunk
 */
export async function* chunksOf(
  { run, texts }: { readonly run: Run; readonly texts: AsyncIterable<string> },
  options: ChunkOptions,
): AsyncGenerator<string> {
  let hasBegun = false;
  try {
    const frame = new ChunkFrame(options);
    for await (const text of texts) {
      const chunk = frame.text(text);
      yield hasBegun ? chunk : frame.opening + chunk;
      hasBegun = true;
    }
    const { toolCalls, finishReason, metrics } = await run.result();
    const reason = finishReasonOf(finishReason);
    let ending = hasBegun ? '' : frame.opening;
    if (toolCalls.length > 0) {
      const calls = toolCallsOf(toolCalls).map((call, index) => ({ index, ...call }));
      ending += frame.chunk({ tool_calls: calls }, null);
    }
    ending += frame.chunk({}, reason);
    if (options.includeUsage) ending += frame.usage(usageOf(metrics));
    yield `${ending}data: [DONE]\n\n`;
  } catch (error) {
    if (!hasBegun) throw error;
    yield `data: ${JSON.stringify(toChatError(error))}\n\n`;
  }
}

/** Writes chunks; what is the same in all of them is written once. */
class ChunkFrame {
  readonly #before: string;
  readonly #usage: string;
  readonly #textBefore: string;
  readonly #textAfter: string;
  readonly opening: string;

  constructor({ head: { id, created, model }, includeUsage }: ChunkOptions) {
    const head = JSON.stringify({ id, object: 'chat.completion.chunk', created, model });
    this.#before = `data: ${head.slice(0, -1)},"choices":[`;
    this.#usage = includeUsage ? ',"usage":null' : '';
    this.#textBefore = `${this.#before}{"index":0,"delta":{"content":`;
    this.#textAfter = `},"logprobs":null,"finish_reason":null}]${this.#usage}}\n\n`;
    this.opening = this.chunk({ role: 'assistant', content: '', refusal: null }, null);
  }

  text(text: string): string {
    return this.#textBefore + JSON.stringify(text) + this.#textAfter;
  }

  chunk(delta: object, finish_reason: string | null): string {
    const choice = JSON.stringify({ index: 0, delta, logprobs: null, finish_reason });
    return `${this.#before}${choice}]${this.#usage}}\n\n`;
  }

  usage(usage: object): string {
    return `${this.#before}],"usage":${JSON.stringify(usage)}}\n\n`;
  }
}
