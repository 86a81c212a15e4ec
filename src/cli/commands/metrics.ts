import type { Command } from 'commander';

import type { MetricsOptions } from '../show-metrics.ts';

const AFTER = `
A log is what requestLog writes (katamari run --log, katamari serve); a page is what GET /metrics shows.

Examples:
  $ katamari metrics requests.log
  $ tail -n 1000 requests.log | katamari metrics -
  $ katamari metrics http://127.0.0.1:8787/metrics --check`;

/** Adds `katamari metrics`. */
export function addMetrics(program: Command): void {
  program
    .command('metrics')
    .description('what a request log or a /metrics page adds up to, beside its budgets')
    .argument('<source>', 'a log file, - for stdin, or a URL')
    .option('--check', 'exit code 1 where a budget is over')
    .option('--json', 'the summary as JSON')
    .addHelpText('after', AFTER)
    .action(async (source: string, options: MetricsOptions) => {
      const { showMetrics } = await import('../show-metrics.ts');
      await showMetrics(source, options);
    });
}
