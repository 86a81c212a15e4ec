import { completedEvent, labelsOf } from '../attempt-events.ts';
import type { ChainEvent } from '../event.ts';
import type { Provider, RunContext } from '../provider.ts';
import type { ChatRequest } from '../request.ts';
import { estimateTokens } from '../tokens/estimate-tokens.ts';
import { findings } from './criticise.ts';
import { writeAnswer, writeDraft, writeFinal } from './improve.ts';
import { piecesOf } from './pieces.ts';
import { readTask } from './task.ts';

/** Options of the embedded provider. */
export interface LocalOptions {
  /** How fast it writes, in tokens per second, for demos of streaming. @defaultValue as fast as it is read */
  readonly tokensPerSecond?: number;
}

/**
 * The embedded default: no key, no download, no language model. It answers with sentences of the conversation it is given, word for word,
 * and writes none of its own but the line above them. In the phases of a reflection it drafts from the words of the question, judges the
 * draft clause by clause with rules, and mends what it found. The same request always gets the same answer.
 *
 * It reads no images or files and calls no tools. Its usage is not reported, since nothing is billed; the run's metrics are estimates.
 */
export function local(options: LocalOptions = {}): Provider {
  const { tokensPerSecond = Infinity } = options;
  return {
    name: 'local',
    model: 'extractive-1',
    isLanguageModel: false,
    generate: (request, context) => stream(request, context, tokensPerSecond),
  };
}

async function* stream(
  request: ChatRequest,
  context: RunContext,
  tokensPerSecond: number,
): AsyncGenerator<readonly ChainEvent[]> {
  const { signal, clock } = context;
  const labels = labelsOf(context);
  const { maxOutputTokens = Infinity } = request;
  signal.throwIfAborted();
  let written = 0;
  for (const text of piecesOf(textFor(request, context))) {
    const tokens = estimateTokens(text);
    if (written + tokens > maxOutputTokens) {
      yield [completedEvent(labels, { finishReason: 'length' })];
      return;
    }
    written += tokens;
    if (tokensPerSecond !== Infinity) await pause(context, (tokens / tokensPerSecond) * 1000);
    signal.throwIfAborted();
    yield [{ type: 'token', ...labels, text }];
  }
  yield [completedEvent(labels, { finishReason: 'stop' })];

  function pause({ signal }: RunContext, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const stop = (): void => {
        cancel();
        signal.removeEventListener('abort', stop);
        resolve();
      };
      const cancel = clock.after(ms, stop);
      signal.addEventListener('abort', stop, { once: true });
    });
  }
}

/** What is written depends on the phase; a critique and a final answer need the draft that they are about. */
function textFor(request: ChatRequest, { phase }: RunContext): string {
  const task = readTask(request);
  if (phase === 'draft') return writeDraft(task);
  if (task.draft === undefined) return writeAnswer(task);
  if (phase === 'final' || phase === 'revision') return writeFinal(task.draft, task.issues, task);
  if (phase !== 'critique') return writeAnswer(task);
  const issues = findings(task.draft, task);
  // JSON for reflect, a line an issue for whoever watches.
  const lines = issues.map((issue) => `\n  ${JSON.stringify(issue)}`);
  const score = issues.reduce((sum, { severity }) => sum - (severity === 'major' ? 2 : 1), 10);
  return `{"verdict": "${issues.length === 0 ? 'approve' : 'revise'}", "score": ${Math.max(0, score)}, "issues": [${lines.join(',')}${lines.length > 0 ? '\n' : ''}]}`;
}
