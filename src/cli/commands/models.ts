import type { Command } from 'commander';

import type { ModelsOptions } from '../list-models.ts';

const AFTER = `
Windows and outputs in tokens, prices in USD per million tokens; – is not known. Every fact has its source in --json.

Examples:
  $ katamari models gpt-5
  $ katamari models --provider anthropic
  $ katamari models claude-sonnet-5 --json | jq '.[0].prices'`;

/** Adds `katamari models`. */
export function addModels(program: Command): void {
  program
    .command('models')
    .description('what is known of models: windows, prices, tokenizers')
    .argument('[filter]', 'part of the name')
    .option('--provider <name>', 'only of this one')
    .option('--json', 'whole entries as a JSON array')
    .addHelpText('after', AFTER)
    .action(async (filter: string | undefined, options: ModelsOptions) => {
      const { listModels } = await import('../list-models.ts');
      await listModels(filter, options);
    });
}
