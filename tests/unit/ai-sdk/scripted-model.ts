import type { AiSdkModel, CallOptions } from '../../../src/ai-sdk/language-model.ts';

/** What the scripted model is to do. */
export interface Script extends Partial<Omit<AiSdkModel, 'doStream'>> {
  /** The parts of the stream; an `Error` breaks it there. */
  readonly parts?: readonly unknown[];
  /** Whether the stream ends behind its parts, or hangs. @defaultValue true */
  readonly ends?: boolean;
  /** In place of all that. */
  readonly doStream?: (options: CallOptions) => PromiseLike<{ stream: ReadableStream<unknown> }>;
}

/** A model of specification v4 that says what it is told to, and what has become of its calls. */
export interface ScriptedModel extends AiSdkModel {
  readonly calls: CallOptions[];
  /** Reasons with which streams were cancelled. */
  readonly cancels: unknown[];
}

/** The parts of a good answer, as the packages of the AI SDK send them. */
const usage = {
  inputTokens: { total: 30, noCache: 10, cacheRead: 16, cacheWrite: 4 },
  outputTokens: { total: 9, text: 5, reasoning: 4 },
};
export const finish = { type: 'finish', usage, finishReason: { unified: 'stop', raw: 'end_turn' } };
export const start = { type: 'stream-start', warnings: [] };
export const say = (delta: string): object => ({ type: 'text-delta', id: '0', delta });

/** Makes one. Every call gets the same stream, one part a pull. */
export function scriptedModel(script: Script = {}): ScriptedModel {
  const { parts = [start, say('Hello'), finish], ends = true, doStream, ...others } = script;
  const calls: CallOptions[] = [];
  const cancels: unknown[] = [];
  const stream = (): ReadableStream<unknown> => {
    const left = [...parts];
    return new ReadableStream<unknown>(
      {
        pull(controller) {
          const part = left.shift();
          if (part instanceof Error) controller.error(part);
          else if (part !== undefined) controller.enqueue(part);
          else if (ends) controller.close();
          else return new Promise<void>(() => undefined);
          return undefined;
        },
        cancel(reason) {
          cancels.push(reason);
        },
      },
      { highWaterMark: 0 },
    );
  };
  return {
    specificationVersion: 'v4',
    provider: 'acme.chat',
    modelId: 'acme-1',
    supportedUrls: {},
    ...others,
    calls,
    cancels,
    doStream(options: never) {
      calls.push(options);
      return doStream === undefined ? Promise.resolve({ stream: stream() }) : doStream(options);
    },
  };
}
