import type { Command } from 'commander';

import { addChainOptions } from '../chain-options.ts';
import type { RunOptions } from '../run-once.ts';

const AFTER = `
The text is read from stdin where none is given, and where a word of it is -. Only the answer goes to stdout.

Examples:
  $ echo "What is due on Friday?" | katamari run
  $ katamari run "Sum this up:" - --provider openai --model gpt-5-mini < notes.txt
  $ katamari run --history meeting.json --budget 2048 --rounds 1 "When is the move?"`;

/** Adds `katamari run`. */
export function addRun(program: Command): void {
  const command = program
    .command('run')
    .description('answer once: stdin or words in, the answer out')
    .argument('[words...]', 'what is asked');
  addChainOptions(command, { rounds: 0 })
    .option('--history <file>', 'a conversation before it: JSON, or JSON lines')
    .option('--id <id>', 'which conversation of JSON lines')
    .option('--metrics', "the run's figures, to stderr")
    .option('--json', 'the whole result as JSON: text, finishReason, metrics')
    .addHelpText('after', AFTER)
    .action(async (words: readonly string[], options: RunOptions) => {
      const { runOnce } = await import('../run-once.ts');
      await runOnce(words, options);
    });
}
