import { parseArgs } from 'node:util';

import { KatamariError } from 'katamari';

/** What the command line asks for. */
export interface DemoOptions {
  readonly history: string | undefined;
  readonly id: string | undefined;
  readonly question: string | undefined;
  readonly persona: string;
  readonly budget: number;
  readonly rounds: number;
  readonly provider: string;
  readonly model: string | undefined;
  readonly json: boolean;
  readonly help: boolean;
}

export const usage = `npm run demo -- [options]

  --history FILE   a conversation of your own: JSON { messages, question }, a JSON array of messages,
                   or JSON lines of conversations (the first, or the one named by --id)
  --id ID          which conversation of a JSON lines file
  --question TEXT  what to ask of it
  --persona NAME   one of personas/, or a YAML file of your own (default: concise-engineer)
  --budget N       tokens a request may have (default: 3072)
  --rounds N       how often the answer is revised at most, until the critic approves it (default: 1)
  --provider NAME  local (default), openai, or a preset: ollama, openrouter, groq, deepseek, mistral, lm-studio, …
  --model NAME     the provider's model
  --json           events as JSON lines
  --help           this text

With --provider openai, OPENAI_API_KEY and OPENAI_BASE_URL are read.
`;

export function readOptions(parameters: readonly string[]): DemoOptions {
  const { values } = parse(parameters);
  const budget = Number(values.budget);
  if (!Number.isInteger(budget) || budget < 1) {
    throw new KatamariError('invalid-input', '--budget takes a number of tokens, for example --budget 2048.');
  }
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new KatamariError('invalid-input', '--rounds takes a number of rounds, for example --rounds 3.');
  }
  return {
    history: values.history,
    id: values.id,
    question: values.question,
    persona: values.persona,
    provider: values.provider,
    model: values.model,
    json: values.json,
    help: values.help,
    budget,
    rounds,
  };
}

function parse(parameters: readonly string[]) {
  try {
    return parseArgs({
      args: [...parameters],
      options: {
        history: { type: 'string' },
        id: { type: 'string' },
        question: { type: 'string' },
        persona: { type: 'string', default: 'concise-engineer' },
        budget: { type: 'string', default: '3072' },
        rounds: { type: 'string', default: '1' },
        provider: { type: 'string', default: 'local' },
        model: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new KatamariError('invalid-input', `${(error as Error).message}\n\n${usage}`);
  }
}
