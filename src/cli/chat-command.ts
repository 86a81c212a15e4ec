import { writeFile } from 'node:fs/promises';

import type { Conversation } from '../conversation.ts';
import { KatamariError } from '../errors.ts';
import { choosePersona } from './choose-persona.ts';
import { tell } from './output.ts';

const HELP = `/persona NAME   another persona from the next question on
/save FILE      the conversation as JSON, for --history
/quit           leaves, as Ctrl-D does
Ctrl-C          stops the answer and prints its figures; twice leaves`;

/**
 * Does what a line of the chat that begins with a slash says.
 *
 * @throws KatamariError code `invalid-input` for a command that there is not
 */
export async function chatCommand(line: string, conversation: Conversation): Promise<void> {
  const [name = '', ...rest] = line.split(/\s+/);
  const word = rest.join(' ');
  if (name === '/help') tell(HELP);
  else if (name === '/persona' && word !== '') {
    conversation.persona = await choosePersona(word);
    // They are of the one before.
    conversation.variables = undefined;
    tell(`From now on ${conversation.persona.name} speaks.`, 'dim');
  } else if (name === '/save' && word !== '') {
    await save(word, conversation);
    tell(`${conversation.messages.length} messages are in ${word}.`, 'dim');
  } else throw new KatamariError('invalid-input', `There is no ${line}. /help says what there is.`);
}

async function save(file: string, conversation: Conversation): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(conversation.toJSON(), null, 2)}\n`);
  } catch (cause) {
    const message = `${file} can't be written. Name a file in a folder that is there.`;
    throw new KatamariError('invalid-input', message, { cause });
  }
}
