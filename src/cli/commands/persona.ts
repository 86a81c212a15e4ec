import { Option, type Command } from 'commander';

import { assignments, wholeNumber, words } from '../option-values.ts';
import type { DiffOptions, LintOptions, RenderOptions } from '../persona-work.ts';

const LINT = `
One line per persona, and under it what was found; exit code 1 when one can't be read or has a warning.

Examples:
  $ katamari persona lint personas
  $ katamari persona lint team.yaml --model gpt-5-mini --max-tokens 500`;

const DIFF = `
Compares what a model meets: prompt, examples, hints and rubric, not the files. Exit code 1 when something changes.

Examples:
  $ katamari persona diff old.yaml new.yaml
  $ katamari persona diff concise-engineer kanketsu-engineer --json`;

const RENDER = `
Examples:
  $ katamari persona render concise-engineer
  $ katamari persona render ./support.yaml --var customer="Yadonami" --language ja --json`;

/** Adds `katamari persona` and its commands. */
export function addPersona(program: Command): void {
  const persona = program.command('persona').description('check, compare and render persona files');
  persona
    .command('lint')
    .description('what in personas is likely to be a mistake')
    .argument('[paths...]', 'files, folders, or names of those that come with katamari (default: personas)')
    .option('--model <name>', 'counts prompts with its tokenizer; may be said again', words)
    .option(
      '--max-tokens <n>',
      'the longest prompt for such a model (default: 2000)',
      wholeNumber(1, 'tokens'),
    )
    .option('--json', 'as a JSON line per persona: { name, findings }')
    .addHelpText('after', LINT)
    .action(async (paths: readonly string[], options: LintOptions) => {
      const { lint } = await import('../persona-work.ts');
      await lint(paths, options);
    });
  withFacts(persona.command('diff'))
    .description('what changes between two personas, as a model meets them')
    .argument('<before>', 'a file, or a name of one that comes with katamari')
    .argument('<after>', 'another one')
    .option('--json', 'all lines as JSON: { changed, lines }')
    .addHelpText('after', DIFF)
    .action(async (before: string, after: string, options: DiffOptions) => {
      const { diff } = await import('../persona-work.ts');
      await diff(before, after, options);
    });
  withFacts(persona.command('render'))
    .description('the system prompt that a persona becomes')
    .argument('<persona>', 'a file, or a name of one that comes with katamari')
    .option('--json', 'all of it: prompt, examples, rubric, hints, which conditions hold')
    .addHelpText('after', RENDER)
    .action(async (name: string, options: RenderOptions) => {
      const { render } = await import('../persona-work.ts');
      await render(name, options);
    });
}

function withFacts(command: Command): Command {
  return command
    .option('--var <name=value>', 'a value for a variable; may be said again', assignments)
    .addOption(new Option('--language <code>', 'of the conversation, for conditions').choices(['en', 'ja']))
    .option('--provider <name>', 'for conditions')
    .option('--model <name>', 'for conditions')
    .option('--hour <n>', 'of the day, 0 to 23, for conditions', wholeNumber(0, 'hours'));
}
