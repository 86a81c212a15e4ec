import { describe, expect, it } from 'vitest';

import type { Message } from '../../../src/message.ts';
import { splitUnits } from '../../../src/trim/split-units.ts';

const user: Message = { role: 'user', content: 'q' };
const call = (...ids: string[]): Message => ({
  role: 'assistant',
  content: '',
  toolCalls: ids.map((id) => ({ id, name: 'look', arguments: '{}' })),
});
const result = (toolCallId: string): Message => ({ role: 'tool', toolCallId, content: 'r' });
const system: Message = { role: 'system', content: 's' };

function shape(messages: Message[]): string[][] {
  return splitUnits(messages).turns.map(({ units }) =>
    units.map(({ kind, indices }) => `${kind} ${indices.join(',')}`),
  );
}

describe('splitUnits', () => {
  it.each<[string, Message[], string[][]]>([
    ['nothing', [], []],
    ['only system messages', [system, system], []],
    ['a plain chat', [user, call(), user], [['message 0', 'message 1'], ['message 2']]],
    ['parallel calls', [user, call('a', 'b'), result('b'), result('a')], [['message 0', 'tools 1,2,3']]],
    [
      'one id twice in a message',
      [user, call('a', 'a'), result('a'), result('a')],
      [['message 0', 'tools 1,2,3']],
    ],
    [
      'a second result',
      [user, call('a'), result('a'), result('a')],
      [['message 0', 'tools 1,2', 'orphan 3']],
    ],
    ['a result before its call', [result('a'), user, call('a')], [['orphan 0'], ['message 1', 'tools 2']]],
    ['an id used again', [user, call('a'), call('a'), result('a')], [['message 0', 'tools 1', 'tools 2,3']]],
    [
      'a result far away',
      [user, call('a'), user, result('a'), user],
      [['message 0', 'tools 1,3'], ['message 2'], ['message 4']],
    ],
    ['a system message in a round', [user, call('a'), system, result('a')], [['message 0', 'tools 1,3']]],
    ['a greeting first', [call(), user], [['message 0'], ['message 1']]],
  ])('cuts %s', (_, messages, turns) => {
    expect(shape(messages)).toEqual(turns);
  });
});
