import { readFileSync } from 'node:fs';

import { Command } from 'commander';

import { ownPath } from '../node/own-path.ts';
import { addChat } from './commands/chat.ts';
import { addCompletion } from './commands/completion.ts';
import { addDoctor } from './commands/doctor.ts';
import { addMetrics } from './commands/metrics.ts';
import { addModels } from './commands/models.ts';
import { addPersona } from './commands/persona.ts';
import { addRun } from './commands/run.ts';
import { addServe } from './commands/serve.ts';
import { addTokens } from './commands/tokens.ts';
import { addTrim } from './commands/trim.ts';

const AFTER = `
Examples:
  $ katamari chat
  $ echo "What is due on Friday?" | katamari run
  $ katamari trim history.json --budget 2048 > trimmed.json

Exit codes: 0 done, 1 failed or something found, 2 wrong usage, 130 interrupted.
Colours are left out in a pipe and with NO_COLOR.`;

/** The command line, as a tree of commands. What a command does is loaded when it is called. */
export function makeProgram(): Command {
  const { version } = JSON.parse(readFileSync(ownPath('package.json'), 'utf8')) as { version: string };
  const program = new Command('katamari')
    .description('Persona, trim and reflect chains over any LLM provider, from the command line.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('(--help says what there is)')
    .addHelpText('after', AFTER)
    .configureOutput({
      outputError: (text, write) => {
        write(text.replace(/^error: /, 'usage: '));
      },
    });
  for (const add of [
    addChat,
    addRun,
    addTrim,
    addTokens,
    addPersona,
    addModels,
    addMetrics,
    addDoctor,
    addServe,
    addCompletion,
  ])
    add(program);
  return program;
}
