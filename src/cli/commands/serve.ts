import { Option, type Command } from 'commander';

import { wholeNumber } from '../option-values.ts';
import type { ServeCommandOptions } from '../serve-chains.ts';

const SERVE = `
One line of access log and one of the run's figures go to stderr for each request; GET /metrics is for Prometheus. Keys of providers,
KATAMARI_API_KEYS, KATAMARI_PROVIDER, KATAMARI_MODEL and KATAMARI_REDIS_URL are read from the environment. Ctrl-C and SIGTERM let runs
come to their end; a second one leaves at once.

Examples:
  $ katamari serve
  $ KATAMARI_API_KEYS=web:$KEY katamari serve --port 8080 --host 0.0.0.0 --personas ./personas 2>> requests.log`;

const DEV = `
Needs no key: the embedded default answers, and every provider whose key is in the environment can be chosen. Whoever reaches the address
can use these keys, so it is this machine's alone.

Examples:
  $ katamari dev
  $ katamari dev --port 8080 --personas ./personas`;

/** Adds `katamari serve` and `katamari dev`. */
export function addServe(program: Command): void {
  withAddress(program.command('serve'))
    .description('chains behind HTTP: runs, resume, chat completions, metrics')
    .option('--host <address>', '0.0.0.0 for all interfaces (default: 127.0.0.1)')
    .addHelpText('after', SERVE)
    .action(async (options: ServeCommandOptions) => {
      const { serveChains } = await import('../serve-chains.ts');
      await serveChains(options);
    });
  withAddress(program.command('dev'))
    .description('the playground, in a browser')
    .addHelpText('after', DEV)
    .action(async (options: ServeCommandOptions) => {
      const { servePlayground } = await import('../serve-playground.ts');
      await servePlayground(options);
    });
}

function withAddress(command: Command): Command {
  return command
    .addOption(
      new Option('--port <n>', '0 takes one that is free')
        .argParser(wholeNumber(0, 'ports'))
        .env('PORT')
        .default(8787),
    )
    .option('--personas <folder>', 'persona files, followed while it runs (default: those of katamari)');
}
