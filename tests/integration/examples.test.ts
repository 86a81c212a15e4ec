import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

const run = promisify(execFile);
const examples = readdirSync('examples').filter((file) => file.endsWith('.ts'));

/** What a reader must find in the output. */
const expected: Readonly<Record<string, RegExp>> = {
  'abort.ts': /8 9 \naborted, token_out \d+, estimated: true/,
  'conversation.ts': /Sunday at 03:00[^]*4 messages/,
  'events.ts': /run-start[^]*token +draft[^]*token +critique[^]*token +final[^]*金曜日の15時[^]*metrics +run/,
  'hello.ts': /Thursday, 14:00/,
  'metrics.ts': /^katamari_requests_total\{chain="support".*\} 2\n[^]*requests +2 \(2 completed/m,
  'own-provider.ts': /^HELLO OUT THERE$/m,
  'own-step.ts': /I was told: Today is/,
  'persona-file.ts': /concise-engineer/,
  'pino-log.ts':
    /^katamari\.trim .*\nkatamari\.retry overloaded retryable: true\nkatamari\.request token_in: \d+/m,
  'request-log.ts': /"name":"katamari\.request".*"status":"completed"/,
  'retry.ts': /attempt 1: overloaded, next in \d+ ms\nattempt 2[^]*Here at last/,
  'trim-only.ts': /dropped/,
};

describe('the examples', () => {
  it.concurrent.each(examples)('%s runs and shows its idea', async (file) => {
    const { stdout } = await run(process.execPath, ['--conditions=@katamari/source', join('examples', file)]);
    expect(stdout).toMatch(expected[file] ?? /^$/);
  });

  it.each(examples)('%s has at most 40 lines', (file) => {
    expect(readFileSync(join('examples', file), 'utf8').split('\n').length).toBeLessThanOrEqual(41);
  });
});
