import { describe } from 'vitest';

import { openai, type OpenaiClient } from '../../src/providers/openai.ts';
import { responsesVendor } from '../integration/openai-responses-vendor.ts';
import { testTransport, type Vendor } from '../integration/transport-contract.ts';
import { chatChunk, chatEnding } from '../servers/respond.ts';
import { loadPackages } from './load-package.ts';

const versions = await loadPackages('openai', 'openai-6', 'openai-5');

const chatWords: Omit<Vendor, 'make'> = {
  ...responsesVendor,
  url: '/v1/chat/completions',
  opening: '',
  say: (content) => chatChunk({ content }),
  ending: chatEnding(),
  overloaded: `data: ${JSON.stringify({ error: { message: 'gone', code: 503 } })}\n\n`,
};

for (const { title, exports } of versions) {
  const OpenAI = exports?.['default'] as new (options: object) => OpenaiClient;
  const clientFor = (root: string): OpenaiClient =>
    new OpenAI({ apiKey: responsesVendor.apiKey, baseURL: `${root}/v1` });
  describe.skipIf(exports === undefined)(`the caller’s own client: ${title}, chat`, () => {
    testTransport({
      ...chatWords,
      make: (root) => openai({ model: 'gpt-5-mini', client: clientFor(root) }),
    });
  });
  describe.skipIf(exports === undefined)(`the caller’s own client: ${title}, responses`, () => {
    testTransport({
      ...responsesVendor,
      make: (root) => openai({ api: 'responses', model: 'gpt-5-mini', client: clientFor(root) }),
    });
  });
}
