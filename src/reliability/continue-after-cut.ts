import { isKatamariError, type ErrorCode } from '../errors.ts';
import type { ChainEvent, TokenEvent } from '../event.ts';
import { languageOf } from '../language.ts';
import { textOf, type Message } from '../message.ts';
import type { Generate, RunContext } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import type { Step } from '../step.ts';

/** Options of {@link continueAfterCut}. */
export interface ContinueAfterCutOptions {
  /** How often the rest may be asked for. @defaultValue 2 */
  readonly maxContinuations?: number;
}

/** Failures in the middle of an answer that say nothing against the answer so far. */
const CUTS: ReadonlySet<ErrorCode> = new Set(['truncated', 'connection', 'timeout', 'server', 'overloaded']);

/** How far back a continuation may repeat what was said already, in characters. */
const OVERLAP = 200;

/**
 * When an answer breaks off in the middle, keeps what was shown and asks for the rest, in place of starting over. Words that the
 * continuation repeats from the end of the broken part are left out. The calls are counted like any other.
 */
export function continueAfterCut({ maxContinuations = 2 }: ContinueAfterCutOptions = {}): Step {
  return {
    name: 'continue-after-cut',
    stage: 'call',
    wrap: (next) => (request, context) => goOn(next, request, context, maxContinuations),
  };
}

async function* goOn(
  next: Generate,
  request: ChatRequest,
  context: RunContext,
  continuations: number,
): AsyncGenerator<readonly ChainEvent[]> {
  // Text that was shown is to stay, so the call itself must not start over after it.
  const kept = { ...context, retractable: false };
  let shown = '';
  for (let left = continuations; ; left--) {
    const asked =
      shown === '' ? request : { ...request, messages: [...request.messages, ...askForRest(request, shown)] };
    const seam = new Seam(shown);
    let failed: unknown;
    try {
      for await (const batch of next(asked, kept)) {
        const joined = seam.join(batch);
        shown += joined.map((event) => (event.type === 'token' ? event.text : '')).join('');
        if (joined.length > 0) yield joined;
      }
      return;
    } catch (error) {
      failed = error;
    }
    const cut = isKatamariError(failed) && CUTS.has(failed.code);
    if (!cut || shown === '' || left === 0 || context.signal.aborted) throw failed;
  }
}

function askForRest({ messages }: ChatRequest, shown: string): Message[] {
  const last = messages.findLast(({ role }) => role === 'user');
  const japanese = last !== undefined && languageOf(textOf(last)) === 'ja';
  const content = japanese
    ? '回答が途中で切れました。繰り返しや前置きなしに、切れたところから続きだけを書いてください。'
    : 'Your answer broke off. Write only the rest, from exactly where it stopped, without repeating or introducing anything.';
  return [
    { role: 'assistant', content: shown },
    { role: 'user', content },
  ];
}

/** Where the continuation meets what was shown: its first characters wait until a repetition can be told from new text. */
class Seam {
  readonly #tail: string;
  #held: { readonly labels: TokenEvent; text: string } | undefined;
  #open: boolean;

  constructor(shown: string) {
    this.#tail = shown.slice(-OVERLAP);
    this.#open = shown !== '';
  }

  join(batch: readonly ChainEvent[]): readonly ChainEvent[] {
    return this.#open ? batch.flatMap((event) => this.#joinOne(event)) : batch;
  }

  #joinOne(event: ChainEvent): ChainEvent[] {
    if (!this.#open) return [event];
    if (event.type === 'token') return this.#hold(event);
    return event.type === 'attempt-end' ? [...this.#release(), event] : [event];
  }

  #hold(event: TokenEvent): TokenEvent[] {
    this.#held = { labels: event, text: (this.#held?.text ?? '') + event.text };
    return this.#held.text.length >= OVERLAP ? this.#release() : [];
  }

  #release(): TokenEvent[] {
    this.#open = false;
    if (this.#held === undefined) return [];
    const text = this.#held.text.slice(overlap(this.#tail, this.#held.text));
    return text === '' ? [] : [{ ...this.#held.labels, text }];
  }
}

/** Length of the longest end of `before` that `after` begins with; one or two characters are chance. */
function overlap(before: string, after: string): number {
  for (let length = Math.min(before.length, after.length); length > 2; length--) {
    if (before.endsWith(after.slice(0, length))) return length;
  }
  return 0;
}
