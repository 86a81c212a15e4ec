import { Option, type Command } from 'commander';

import { strategies } from '../chain-options.ts';
import { wholeNumber } from '../option-values.ts';
import type { TrimCommandOptions } from '../trim-history.ts';

const AFTER = `
The trimmed history goes to stdout in the form in which it came, the report to stderr.

Examples:
  $ katamari trim history.json --budget 2048 > trimmed.json
  $ katamari trim --budget 4096 --model gpt-5-mini --query "When is the move?" --quiet < history.json
  $ katamari trim history.json --budget 2048 --json | jq .report.facts`;

/** Adds `katamari trim`. */
export function addTrim(program: Command): void {
  program
    .command('trim')
    .description('cut a history to a budget of tokens: JSON in, JSON out')
    .argument('[file]', 'a history, JSON or JSON lines; - is stdin', '-')
    .requiredOption('-b, --budget <tokens>', 'what the request may have', wholeNumber(1, 'tokens'))
    // A summary asks a model; that is a step of a chain.
    .addOption(
      new Option('--strategy <name>', 'how it chooses').choices(
        strategies.filter((name) => name !== 'summary'),
      ),
    )
    .option(
      '--min-turns <n>',
      'turns before the current one that come first (default: 1)',
      wholeNumber(0, 'turns'),
    )
    .option('--query <text>', 'what the kept messages shall help to answer (default: the last question)')
    .option('--model <name>', 'whose tokens are counted (default: an estimate)')
    .option('--id <id>', 'which conversation of JSON lines')
    .option('--report <file>', 'the report as JSON, to a file')
    .option('--json', 'history and report in one: { messages, report }')
    .option('-q, --quiet', 'no report on stderr')
    .addHelpText('after', AFTER)
    .action(async (file: string, options: TrimCommandOptions) => {
      const { trimHistory } = await import('../trim-history.ts');
      await trimHistory(file, options);
    });
}
