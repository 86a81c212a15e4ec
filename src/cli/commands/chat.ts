import type { Command } from 'commander';

import { addChainOptions } from '../chain-options.ts';
import type { ChatOptions } from '../chat.ts';

const AFTER = `
Draft, critique and final are shown as they stream, with a live line of tokens, cost and latency. Ctrl-C stops the answer and prints its
figures, twice leaves; Ctrl-D leaves too. In a pipe each line of stdin is a question. In the chat, /help says more.

Examples:
  $ katamari chat
  $ katamari chat --persona gijiroku --history meeting.json --budget 2048
  $ katamari chat --provider openai --model gpt-5-mini --rounds 2
  $ katamari chat --once --question "When is the move?" --history meeting.json --json`;

/** Adds `katamari chat`. */
export function addChat(program: Command): void {
  const command = program.command('chat').description('talk: draft, critique and final as they stream');
  addChainOptions(command, { persona: 'concise-engineer', budget: 4096, rounds: 1 })
    .option('--history <file>', 'a conversation to go on with: JSON, or JSON lines')
    .option('--id <id>', 'which conversation of JSON lines')
    .option('-q, --question <text>', 'asked first')
    .option('--once', "leaves after the first answer; asks the history's own question where none is said")
    .option('--json', 'the events as JSON lines')
    .addHelpText('after', AFTER)
    .action(async (options: ChatOptions) => {
      const { chat } = await import('../chat.ts');
      await chat(options);
    });
}
