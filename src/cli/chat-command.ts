import { writeFile } from 'node:fs/promises';

import type { Chain } from '../chain.ts';
import { Conversation } from '../conversation.ts';
import { KatamariError } from '../errors.ts';
import { guarded } from './chain-settings.ts';
import { choosePersona } from './choose-persona.ts';
import { tell } from './output.ts';

const HELP = `/persona NAME   another persona from the next question on
/save FILE      the conversation as JSON, for --history
/quit           leaves, as Ctrl-D does
Ctrl-C          stops the answer and prints its figures; twice leaves`;

/**
 * Does what a line of the chat that begins with a slash says.
 *
 * @param chain - without a persona and its guard
 * @returns the conversation to go on with
 * @throws KatamariError code `invalid-input` for a command that there is not
 */
export async function chatCommand(
  line: string,
  conversation: Conversation,
  chain: Chain,
): Promise<Conversation> {
  const [name = '', ...rest] = line.split(/\s+/);
  const word = rest.join(' ');
  if (name === '/help') tell(HELP);
  else if (name === '/persona' && word !== '') {
    const persona = await choosePersona(word);
    tell(`From now on ${persona.name} speaks.`, 'dim');
    // With a chain of its own, since another persona forbids other words; values of variables are those of the one before.
    const { variables: _variables, ...rest } = conversation.toJSON();
    return Conversation.fromJSON(
      { ...rest, persona },
      { chain: guarded(chain, persona), onIncomplete: 'keep' },
    );
  } else if (name === '/save' && word !== '') {
    await save(word, conversation);
    tell(`${conversation.messages.length} messages are in ${word}.`, 'dim');
  } else throw new KatamariError('invalid-input', `There is no ${line}. /help says what there is.`);
  return conversation;
}

async function save(file: string, conversation: Conversation): Promise<void> {
  try {
    await writeFile(file, `${JSON.stringify(conversation.toJSON(), null, 2)}\n`);
  } catch (cause) {
    const message = `${file} can't be written. Name a file in a folder that is there.`;
    throw new KatamariError('invalid-input', message, { cause });
  }
}
