import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { expect, it } from 'vitest';

const run = promisify(execFile);

const program = `
import { Chain, rewriteStep, completedEvent, labelsOf } from 'katamari';
const piece = 'x'.repeat(1024);
const provider = {
  name: 'long', model: 'm', isLanguageModel: false,
  async *generate(request, context) {
    const labels = labelsOf(context);
    for (let read = 0; read < 6144; read++) {
      const batch = [];
      for (let i = 0; i < 16; i++) batch.push({ type: 'token', ...labels, text: piece });
      yield batch;
    }
    yield [completedEvent(labels, { finishReason: 'stop' })];
  },
};
const chain = new Chain({ provider }).use(rewriteStep({ name: 'same', stage: 'call', rewrite: (request) => request }));
let length = 0;
const stream = chain.stream({ messages: [{ role: 'user', content: 'go' }] });
for await (const text of stream.tokens()) length += text.length;
console.log(JSON.stringify({ length }));
`;

it('streams an answer of 96 MiB through a heap of 80', async () => {
  const limits = ['--max-old-space-size=80', '--conditions=@katamari/source', '--input-type=module'];
  const { stdout } = await run(process.execPath, [...limits, '-e', program]);
  expect(JSON.parse(stdout)).toEqual({ length: 96 * 2 ** 20 });
});
