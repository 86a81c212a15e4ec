import type { Command } from 'commander';

import { addProviderOptions } from '../chain-options.ts';
import type { DoctorOptions } from '../doctor.ts';

const AFTER = `
Keys are looked for and never shown or sent. Exit code 1 when the first call would fail.

Examples:
  $ katamari doctor
  $ katamari doctor --provider openai --model gpt-5-mini
  $ katamari doctor --offline --json`;

/** Adds `katamari doctor`. */
export function addDoctor(program: Command): void {
  addProviderOptions(program.command('doctor'))
    .description('what a first call needs, and whether it is there: keys, hosts, Node, packages')
    .option('--offline', 'reaches for no host')
    .option('--json', 'as JSON: { ready, checks }')
    .addHelpText('after', AFTER)
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import('../doctor.ts');
      await doctor(options);
    });
}
