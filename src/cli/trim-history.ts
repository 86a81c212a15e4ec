import { writeFile } from 'node:fs/promises';

import { KatamariError } from '../errors.ts';
import { loadCounter } from '../tokens/load-counter.ts';
import { mediaOf } from '../tokens/media-by-model.ts';
import { RequestCounter } from '../tokens/request-counter.ts';
import { explainTrim } from '../trim/explain-trim.ts';
import { trimMessages, type TrimMessagesOptions } from '../trim/trim-messages.ts';
import type { TrimReport } from '../trim/trim-report.ts';
import { parseHistory } from './history.ts';
import { print, printJson, tell } from './output.ts';
import { readInput } from './read-input.ts';

/** What `katamari trim` is told. */
export interface TrimCommandOptions {
  readonly budget: number;
  readonly strategy?: Exclude<TrimMessagesOptions['strategy'], undefined>;
  readonly minTurns?: number;
  readonly query?: string;
  readonly model?: string;
  readonly id?: string;
  readonly report?: string;
  readonly json?: true;
  readonly quiet?: true;
}

/** A history in; a trimmed history and the report out. */
export async function trimHistory(file: string, options: TrimCommandOptions): Promise<void> {
  const { budget, model, strategy, minTurns, query } = options;
  const history = parseHistory(await readInput(file, 'The history'), options.id);
  const { messages, report } = trimMessages(history.messages, {
    targetTokens: budget,
    ...(strategy !== undefined && { strategy }),
    ...(minTurns !== undefined && { minTurns }),
    ...(query !== undefined && { query }),
    ...(model !== undefined && (await counterOf(model))),
  });
  if (options.report !== undefined) await writeReport(options.report, report);
  if (options.json !== undefined) await printJson({ messages, report });
  else await print(`${JSON.stringify(history.with(messages), null, 2)}\n`);
  if (options.quiet === undefined) tell(explained(report, history.messages));
}

/** What a model's requests are counted with; nothing where that is an estimate, so that room is left for its error. */
async function counterOf(model: string): Promise<{ counter?: RequestCounter }> {
  const counter = await loadCounter(model);
  return counter.exact ? { counter: new RequestCounter(counter, mediaOf(model)) } : {};
}

function explained(report: TrimReport, messages: Parameters<typeof explainTrim>[1]): string {
  const { facts, issues } = report;
  const overall = facts?.overall ?? null;
  const lost = overall === null ? [] : [`fact_retention ${overall.toFixed(3)}`];
  return [
    explainTrim(report, messages),
    ...lost,
    ...issues.map(({ severity, message }) => `${severity}: ${message}`),
  ].join('\n');
}

async function writeReport(file: string, report: TrimReport): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(report, null, 2)}\n`);
  } catch (cause) {
    const message = `The report ${file} can't be written. Name a file in a folder that is there.`;
    throw new KatamariError('invalid-input', message, { cause });
  }
}
