import { describe } from 'vitest';

import { anthropic, type AnthropicClient } from '../../src/providers/anthropic.ts';
import { anthropicVendor } from '../integration/anthropic-vendor.ts';
import { testTransport } from '../integration/transport-contract.ts';
import { loadPackage } from './load-package.ts';

const sdk = await loadPackage('@anthropic-ai/sdk');
const Anthropic = sdk?.['default'] as new (options: object) => AnthropicClient;
const { apiKey } = anthropicVendor;

describe.skipIf(sdk === undefined)(
  'the caller’s own client, if the package @anthropic-ai/sdk is installed',
  () => {
    testTransport({
      ...anthropicVendor,
      // The client sends its key as a bearer.
      keyHeader: ['authorization', `Bearer ${apiKey}`],
      make: (root) =>
        anthropic({ model: 'claude-sonnet-5', client: new Anthropic({ apiKey, baseURL: root }) }),
    });
  },
);
