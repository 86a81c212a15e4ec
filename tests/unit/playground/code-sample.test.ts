import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Chain, persona, reflect, trim, type Message } from 'katamari';
import { local } from 'katamari/local';
import { parsePersona } from 'katamari/persona';
import { describe, expect, it } from 'vitest';

import { codeSample } from '../../../playground/src/run/code-sample.ts';
import { runProgram } from './run-program.ts';

const messages: Message[] = [
  { role: 'user', content: 'The launch is on Tuesday.' },
  { role: 'assistant', content: 'Noted.' },
  { role: 'user', content: 'When is the launch?' },
];
const yaml = 'name: tester\nstyle: |\n  Say `it` with ${care} and a \\ backslash.\n';
const setup = {
  persona: 'tester',
  yaml,
  provider: 'local',
  model: 'extractive-1',
  reflect: true,
  rounds: 1,
  trim: true,
  budget: 2000,
  strategy: 'relevant',
} as const;

describe('codeSample', () => {
  it('is a program that says what the playground said', async () => {
    // Inside the repository, so that it finds katamari by its name.
    const folder = await mkdtemp(join(import.meta.dirname, 'sample-'));
    try {
      await writeFile(join(folder, 'history.json'), JSON.stringify(messages));
      await writeFile(join(folder, 'sample.mjs'), codeSample(setup, yaml));
      const { stdout } = await runProgram('sample.mjs', folder);
      const chain = new Chain({ provider: local() })
        .use(persona(parsePersona(yaml)))
        .use(trim({ targetTokens: 2000, minTurns: 2, strategy: 'relevant' }))
        .use(reflect());
      expect(stdout).toBe((await chain.stream({ messages }).result()).text);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('names the vendor of every other provider', () => {
    const vendor = (provider: string) => codeSample({ ...setup, provider, model: 'm-1' }, '');
    expect(vendor('openai')).toContain("import { openai } from 'katamari/openai';");
    expect(vendor('anthropic')).toContain('anthropic({ model: "m-1" })');
    expect(vendor('groq')).toContain('openaiCompatible({ preset: "groq", model: "m-1" })');
    expect(vendor('openai')).not.toContain('parsePersona');
  });
});
