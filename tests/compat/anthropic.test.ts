import { describe } from 'vitest';

import { anthropic, type AnthropicClient } from '../../src/providers/anthropic.ts';
import { anthropicVendor } from '../integration/anthropic-vendor.ts';
import { testTransport, type Vendor } from '../integration/transport-contract.ts';
import { loadPackages } from './load-package.ts';

const versions = await loadPackages('@anthropic-ai/sdk', 'anthropic-0');
const { apiKey } = anthropicVendor;

/** The first major sends its key as a bearer, those before it as the protocol has it. */
function keyHeaderOf(title: string): Vendor['keyHeader'] {
  return / 0\./.test(title) ? ['x-api-key', apiKey] : ['authorization', `Bearer ${apiKey}`];
}

for (const { title, exports } of versions) {
  const Anthropic = exports?.['default'] as new (options: object) => AnthropicClient;
  describe.skipIf(exports === undefined)(`the caller’s own client: ${title}`, () => {
    testTransport({
      ...anthropicVendor,
      keyHeader: keyHeaderOf(title),
      make: (root) =>
        anthropic({ model: 'claude-sonnet-5', client: new Anthropic({ apiKey, baseURL: root }) }),
    });
  });
}
