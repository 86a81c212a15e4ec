import { Argument, type Command } from 'commander';

import type { Shell } from '../completion.ts';

const AFTER = `
Examples:
  $ katamari completion bash >> ~/.bashrc
  $ katamari completion zsh >> ~/.zshrc
  $ katamari completion fish > ~/.config/fish/completions/katamari.fish`;

/** Adds `katamari completion`. */
export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('what a shell needs to complete commands and options')
    .addArgument(new Argument('<shell>', 'which one').choices(['bash', 'zsh', 'fish']))
    .addHelpText('after', AFTER)
    .action(async (shell: Shell) => {
      const { completion } = await import('../completion.ts');
      const { print } = await import('../output.ts');
      await print(completion(program, shell));
    });
}
