import type { Protocol } from '../../src/testing/wire-answer.ts';
import { contenders } from '../contenders/contenders.ts';
import type { Answer } from './contender.ts';
import type { AnswerCost, HeldCost, Reply, Task } from './contestant.ts';

/*
 * The process of one contender: does what its parent asks and says what it cost. Started by `Contestant`.
 */

const [name = '', protocol = ''] = process.argv.slice(2);
const collectGarbage = globalThis.gc ?? (() => undefined);

function reply(message: Reply): void {
  process.send?.(message);
}

async function readAnswer(answer: Answer, root: string): Promise<AnswerCost> {
  let [pieces, characters, firstTokenMs] = [0, 0, Number.NaN];
  collectGarbage({ type: 'minor', execution: 'sync' });
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await answer(root, (text) => {
    if (pieces === 0) firstTokenMs = performance.now() - startedAt;
    pieces += 1;
    characters += text.length;
  });
  const { user, system } = process.cpuUsage(before);
  return {
    cpuMs: (user + system) / 1000,
    wallMs: performance.now() - startedAt,
    firstTokenMs,
    pieces,
    characters,
  };
}

async function holdStreams(answer: Answer, task: Extract<Task, { kind: 'hold' }>): Promise<HeldCost> {
  collectGarbage();
  const before = process.memoryUsage();
  const cpuBefore = process.cpuUsage();
  const controller = new AbortController();
  let [ready, pieces] = [0, 0];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const open = (): void => {
    let told = 0;
    const tell = (): void => {
      told += 1;
      pieces += 1;
      if (told === task.pieces) ready += 1;
      if (told === task.pieces && ready === task.streams) resolve();
    };
    answer(task.root, tell, controller.signal).then(
      () => {
        if (told < task.pieces) reject(new Error(`a stream ended after ${told} pieces`));
      },
      (error: unknown) => {
        if (!controller.signal.aborted) reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  };
  for (let index = 0; index < task.streams; index += 1) open();
  await promise;
  const { user, system } = process.cpuUsage(cpuBefore);
  collectGarbage();
  const now = process.memoryUsage();
  controller.abort();
  await new Promise((settled) => setTimeout(settled, 500));
  return {
    heapBytes: now.heapUsed + now.external - before.heapUsed - before.external,
    rssBytes: now.rss - before.rss,
    cpuMs: (user + system) / 1000,
    pieces,
  };
}

async function perform(answer: Answer, task: Task): Promise<unknown> {
  if (task.kind === 'answer') return readAnswer(answer, task.root);
  if (task.kind === 'hold') return holdStreams(answer, task);
  return process.resourceUsage().maxRSS * 1024;
}

const whyOf = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error);
// A stream that was left may still complain; only what is asked for counts.
process.on('unhandledRejection', () => undefined);
process.on('disconnect', () => process.exit(0));

try {
  const make = contenders[name];
  if (make === undefined) throw new Error(`there is no contender «${name}»`);
  const answer = await make(protocol as Protocol);
  process.on('message', (task: Task) => {
    perform(answer, task).then(
      (result) => reply({ kind: 'done', result }),
      (error: unknown) => reply({ kind: 'failed', why: whyOf(error) }),
    );
  });
  reply({ kind: 'ready' });
} catch (error) {
  reply({ kind: 'failed', why: whyOf(error) });
}
