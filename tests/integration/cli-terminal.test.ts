import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { parseHistory } from '../../src/cli/history.ts';
import { environmentWith, katamari } from '../servers/run-command.ts';
import { hasTmux, Terminal } from '../servers/terminal.ts';

const chat = `${katamari.join(' ')} chat --history examples/data/kaigi.json`;
let terminal: Terminal | undefined;

afterEach(async () => {
  await terminal?.close();
});

async function open(more: Readonly<Record<string, string>> = {}): Promise<Terminal> {
  const { NODE_COMPILE_CACHE: cache = '' } = environmentWith({});
  terminal = await Terminal.open({ NODE_COMPILE_CACHE: cache, KATAMARI_PROVIDER: 'local', ...more });
  return terminal;
}

if (!hasTmux) process.stderr.write('There is no tmux: the command line is not tested in a terminal.\n');

describe.skipIf(!hasTmux)('the chat in a terminal', { timeout: 90_000 }, () => {
  it('shows draft, critique and final with a live line; Ctrl-C stops the answer, twice leaves', async () => {
    const screen = await open();
    await screen.type(chat, 'Enter');
    const opening = await screen.shows(/^> $/m);
    expect(opening).toMatch(
      /^katamari: persona → trim → reflect\nconversation +オフィス移転の定例会議, 32 messages$/m,
    );
    expect(opening).toMatch(/^provider .*no language model/m);

    await screen.type('移転の日はいつになりましたか', 'Enter');
    await screen.shows(/^(?:draft|critique|final) · ~[\d,]+ in · ~[\d,]+ out · ~\$0 · \d+\.\d s$/m);
    const answered = await screen.shows(/^[\d,]+ in · [\d,]+ out · \$0 · \d+\.\d s\n\n> $/m);
    expect(answered).toMatch(
      /^trim: \d+ of 34 messages kept, [\d,]+ → [\d,]+ tokens\n\n── draft ─+\nこの会話から：\n[^]*\n\n── critique ─+\n- (?:major|minor): “[^]*\n\ncritique of the draft: revise, score [\d.]+\n\n── final ─+\nこの会話から：\n[^]*11月21日（土）[^]*\n\nanswer: the final \(the last revision\)\n/m,
    );
    // The live line has left nothing behind.
    expect(answered).not.toMatch(/· ~/);
    expect(await screen.read({ colours: true })).toContain('\u001b[36m');

    await screen.type('And who decides on the servers, when, and on which conditions?', 'Enter');
    await screen.shows(/── draft[^]*── draft/);
    await screen.type('', 'C-c');
    await screen.shows(/done: aborted\n\n +token_in +token_out[^]*\nrun +\d+[^]*\n> $/m);
    await screen.type('', 'C-c');
    await screen.type('echo code $?', 'Enter');
    await screen.shows(/code 130$/m);
  });

  it('leaves at Ctrl-D, edits lines, changes the persona, and has no colours with NO_COLOR', async () => {
    const screen = await open({ NO_COLOR: '1' });
    await screen.type(`${chat} --rounds 0`, 'Enter');
    await screen.shows(/^> $/m);
    await screen.type('/persona nobody', 'Enter');
    await screen.shows(/^invalid-input: There is no persona «nobody»/m);
    await screen.type('/persona gijirokuX', 'BSpace');
    await screen.type('', 'Enter');
    await screen.shows(/^From now on gijiroku speaks\.$/m);
    await screen.type('退去日はいつですか', 'Enter');
    const answered = await screen.shows(/^── answer ─+\n[^]*11月30日[^]* s\n\n> $/m);
    expect(answered).not.toMatch(/── draft/);
    expect(await screen.read({ colours: true })).not.toContain('\u001b[');

    const file = join(tmpdir(), `katamari-chat-${process.pid}.json`);
    await screen.type(`/save ${file}`, 'Enter');
    await screen.shows(/^34 messages are in /m);
    expect(parseHistory(readFileSync(file, 'utf8')).messages.at(-2)).toMatchObject({
      content: '退去日はいつですか',
    });
    rmSync(file);
    await screen.type('', 'C-d');
    await screen.type('echo code $?', 'Enter');
    await screen.shows(/code 0$/m);
  });
});
