import { fork, type ChildProcess } from 'node:child_process';

import type { Protocol } from '../../src/testing/wire-answer.ts';

/** What one answer cost the process that read it. */
export interface AnswerCost {
  readonly cpuMs: number;
  readonly wallMs: number;
  readonly firstTokenMs: number;
  /** Pieces of text. */
  readonly pieces: number;
  readonly characters: number;
}

/** What many open streams hold, above what the process held before. */
export interface HeldCost {
  readonly heapBytes: number;
  readonly rssBytes: number;
  /** CPU since the streams were opened. */
  readonly cpuMs: number;
  readonly pieces: number;
}

/** What a process is asked to do. */
export type Task =
  | { readonly kind: 'answer'; readonly root: string }
  | { readonly kind: 'hold'; readonly root: string; readonly streams: number; readonly pieces: number }
  | { readonly kind: 'peak' };

/** What a process says back. */
export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly why: string };

/** How a contender's process is started. */
export interface ContestantOptions {
  readonly name: string;
  readonly protocol: Protocol;
  /** Flags for Node. */
  readonly flags?: readonly string[];
}

/** A contender in a process of its own, so that nobody pays for what another one has left behind. */
export class Contestant {
  readonly name: string;
  readonly #child: ChildProcess;

  private constructor(name: string, child: ChildProcess) {
    this.name = name;
    this.#child = child;
  }

  /** @throws Error when the contender can't take part */
  static async start({ name, protocol, flags = [] }: ContestantOptions): Promise<Contestant> {
    const child = fork(new URL('contender-process.ts', import.meta.url), [name, protocol], {
      execArgv: ['--expose-gc', '--no-warnings', ...flags],
      // What a package prints is not part of the tables.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const contestant = new Contestant(name, child);
    await contestant.#reply();
    return contestant;
  }

  answer(root: string): Promise<AnswerCost> {
    return this.#ask({ kind: 'answer', root }) as Promise<AnswerCost>;
  }

  /** Opens so many streams at once and tells what they hold once each has brought so many pieces; then lets go of them. */
  hold(root: string, streams: number, pieces: number): Promise<HeldCost> {
    return this.#ask({ kind: 'hold', root, streams, pieces }) as Promise<HeldCost>;
  }

  /** The most memory the process has held, in bytes. */
  peak(): Promise<number> {
    return this.#ask({ kind: 'peak' }) as Promise<number>;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }

  async #ask(task: Task): Promise<unknown> {
    this.#child.send(task);
    return this.#reply();
  }

  #reply(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null, signal: string | null): void => {
        reject(new Error(`the process of ${this.name} ended: ${signal ?? code ?? ''}`));
      };
      this.#child.once('exit', onExit);
      this.#child.once('message', (reply: Reply) => {
        this.#child.off('exit', onExit);
        if (reply.kind === 'failed') reject(new Error(`${this.name}: ${reply.why}`));
        else resolve(reply.kind === 'done' ? reply.result : undefined);
      });
    });
  }
}
