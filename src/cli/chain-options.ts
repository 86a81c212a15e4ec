import { Option, type Command } from 'commander';

import { assignments, numberWithin, wholeNumber } from './option-values.ts';

/** The strategies that can be named in a word. */
export const strategies = ['relevant', 'recent', 'extract', 'summary'] as const;

/** Where the options of a chain begin, for one command. */
export interface ChainDefaults {
  readonly persona?: string;
  /** In tokens. */
  readonly budget?: number;
  readonly rounds: number;
}

/** Adds what says who answers. */
export function addProviderOptions(command: Command): Command {
  return command
    .option(
      '--provider <name>',
      'local, openai, anthropic, google, ollama, openrouter, … (default: $KATAMARI_PROVIDER, else local)',
    )
    .option('--model <name>', "the provider's model (default: $KATAMARI_MODEL)");
}

/** Adds what says of what the chain is made. */
export function addChainOptions(command: Command, { persona, budget, rounds }: ChainDefaults): Command {
  return addProviderOptions(
    command
      .option('-p, --persona <name>', 'one that comes with katamari, or a YAML file', persona)
      .option('--var <name=value>', 'a value for a variable of the persona; may be said again', assignments),
  )
    .option(
      '-b, --budget <tokens>',
      'what a request may have; older messages are trimmed',
      wholeNumber(1, 'tokens'),
      budget,
    )
    .addOption(new Option('--strategy <name>', 'how the trim chooses').choices([...strategies]))
    .option(
      '--min-turns <n>',
      'turns before the current one that come first (default: 2)',
      wholeNumber(0, 'turns'),
    )
    .option(
      '--rounds <n>',
      'revisions at most, until the critic approves; 0 answers in one call',
      wholeNumber(0, 'rounds'),
      rounds,
    )
    .option('--max-cost <usd>', 'stops a run that would cost more', numberWithin(0, Infinity))
    .option('--log <file>', 'appends request records to a file, for katamari metrics');
}
