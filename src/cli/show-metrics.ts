import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

import { KatamariError } from '../errors.ts';
import { globalFetch } from '../http/global-fetch.ts';
import type { MetricsSummary } from '../log/summary/metrics-summary.ts';
import { renderSummary } from '../log/summary/render-summary.ts';
import { summariseLog } from '../log/summary/summarise-log.ts';
import { summarisePage } from '../log/summary/summarise-page.ts';
import { exitCodes } from './exit-codes.ts';
import { print, printJson, tell } from './output.ts';

/** What `katamari metrics` is told. */
export interface MetricsOptions {
  readonly check?: true;
  readonly json?: true;
}

/** How long the server of a page may take, in milliseconds. */
const PAGE_MS = 10_000;

/** Sums up a log or a page. With `check`, a budget that is over gives exit code 1. */
export async function showMetrics(source: string, { check, json }: MetricsOptions): Promise<void> {
  const summary = /^https?:\/\//.test(source) ? summarisePage(await pageAt(source)) : await logAt(source);
  if (summary.lines?.records === 0)
    tell(`${source} holds no records of katamari's. Is it what requestLog wrote?`, 'yellow');
  if (json !== undefined) await printJson(summary);
  else await print(`${renderSummary(summary)}\n`);
  if (check !== undefined && summary.budgets.some(({ ok }) => ok === false))
    process.exitCode = exitCodes.failed;
}

async function pageAt(url: string): Promise<string> {
  try {
    const response = await globalFetch(url, { signal: AbortSignal.timeout(PAGE_MS) });
    if (response.ok) return await response.text();
    throw new KatamariError(
      'server',
      `${url} answers with ${response.status}. Is it the URL of the metrics?`,
    );
  } catch (error) {
    if (error instanceof KatamariError) throw error;
    const message = `${url} can't be reached within ${PAGE_MS / 1000} s. Is the server running?`;
    throw new KatamariError('connection', message, { cause: error });
  }
}

async function logAt(file: string): Promise<MetricsSummary> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  try {
    return await summariseLog(createInterface({ input, crlfDelay: Infinity }));
  } catch (cause) {
    const message = `The log ${file} can't be read. Name a file, - for stdin, or the URL of a /metrics page.`;
    throw new KatamariError('invalid-input', message, { cause });
  }
}
