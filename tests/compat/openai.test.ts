import { describe } from 'vitest';

import { openai, type OpenaiClient } from '../../src/providers/openai.ts';
import { responsesVendor } from '../integration/openai-responses-vendor.ts';
import { testTransport, type Vendor } from '../integration/transport-contract.ts';
import { chatChunk, chatEnding } from '../servers/respond.ts';
import { loadPackage } from './load-package.ts';

const sdk = await loadPackage('openai');
const OpenAI = sdk?.['default'] as new (options: object) => OpenaiClient;

function clientFor(root: string): OpenaiClient {
  return new OpenAI({ apiKey: responsesVendor.apiKey, baseURL: `${root}/v1` });
}

const chatVendor: Vendor = {
  ...responsesVendor,
  make: (root) => openai({ model: 'gpt-5-mini', client: clientFor(root) }),
  url: '/v1/chat/completions',
  opening: '',
  say: (content) => chatChunk({ content }),
  ending: chatEnding(),
  overloaded: `data: ${JSON.stringify({ error: { message: 'gone', code: 503 } })}\n\n`,
};

describe.skipIf(sdk === undefined)(
  'the caller’s own client, if the package openai is installed: chat',
  () => {
    testTransport(chatVendor);
  },
);
describe.skipIf(sdk === undefined)(
  'the caller’s own client, if the package openai is installed: responses',
  () => {
    testTransport({
      ...responsesVendor,
      make: (root) => openai({ api: 'responses', model: 'gpt-5-mini', client: clientFor(root) }),
    });
  },
);
