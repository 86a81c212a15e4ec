import type { Command } from 'commander';

import type { TokensOptions } from '../count-tokens.ts';

const AFTER = `
Exact where the model's tokenizer is public, else an estimate, which stderr says.

Examples:
  $ katamari tokens --model gpt-5-mini README.md
  $ echo "東京の会議は木曜日です。" | katamari tokens --model gpt-4o
  $ katamari tokens --messages history.json --json`;

/** Adds `katamari tokens`. */
export function addTokens(program: Command): void {
  program
    .command('tokens')
    .description('count tokens: a number per file')
    .argument('[files...]', 'texts; - is stdin (default: -)')
    .option('--model <name>', 'whose tokens are counted (default: $KATAMARI_MODEL, else an estimate)')
    .option('--text <text>', 'counts this and no file')
    .option(
      '--messages',
      'the files are histories, counted as requests, with what a message costs besides its text',
    )
    .option('--json', 'as a JSON line per file: { file, tokens, model, tokenizer, exact }')
    .addHelpText('after', AFTER)
    .action(async (files: readonly string[], options: TokensOptions) => {
      const { countTokens } = await import('../count-tokens.ts');
      await countTokens(files, options);
    });
}
