import { describe, expect, it } from 'vitest';

import { PersonaError } from '../../../src/errors.ts';
import { codeFrame } from '../../../src/persona/code-frame.ts';
import { parsePersona } from '../../../src/persona/parse-persona.ts';

function frameOf(source: string): string | undefined {
  try {
    parsePersona(source, { file: 'a.yaml' });
  } catch (error) {
    if (error instanceof PersonaError) return error.frame;
  }
  return 'no error';
}

describe('the code frame of a persona error', () => {
  it('shows the place with the lines around it', () => {
    expect(frameOf('name: a\nforbid:\n  - b\n  - 42\nnotes: c\nstyle: d\n')).toBe(
      ['  3 |   - b', '> 4 |   - 42', '    |     ^', '  5 | notes: c']
        .join('\n')
        .replace(/^/, '  2 | forbid:\n')
        .slice(0),
    );
  });

  it('has the caret under its place behind wide characters', () => {
    expect(frameOf('name: 校閲\nforbid: [了解, 1]\n')).toBe(
      ['  1 | name: 校閲', '> 2 | forbid: [了解, 1]', '    |          \u3000\u3000  ^', '  3 |'].join('\n'),
    );
  });

  it('stays narrow, in one column a character, for a long line and for Windows line ends', () => {
    const source = `name: a\r\nforbid: ["${'b'.repeat(50_000)}", 1]\r\n`;
    const lines = frameOf(source)?.split('\n') ?? [];
    expect(lines.every((line) => line.length <= 110)).toBe(true);
    expect(lines[1]?.[lines[2]?.indexOf('^') ?? 0]).toBe('1');
  });

  it('shows no control characters', () => {
    expect(codeFrame('name: \u001b[31ma\u202e\n', 6)).toBe('> 1 | name:  [31ma\n    |       ^\n  2 |');
  });

  it('is there for errors of YAML itself, and not for an object', () => {
    expect(frameOf('name: "a\n')).toContain('^');
    expect(frameOf({ name: 1 } as unknown as string)).toBeUndefined();
  });
});
