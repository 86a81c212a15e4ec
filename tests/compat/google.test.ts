import { describe } from 'vitest';

import type { Provider } from '../../src/provider.ts';
import { google, type GenaiClient, type GenerativeAiClient } from '../../src/providers/google.ts';
import { googleVendor } from '../integration/google-vendor.ts';
import { testTransport } from '../integration/transport-contract.ts';
import { loadPackages } from './load-package.ts';

const genais = await loadPackages('@google/genai', 'genai-2', 'genai-1');
const generativeAis = await loadPackages('@google/generative-ai');
const { apiKey } = googleVendor;
const model = 'gemini-2.5-flash';

type Genai = new (options: object) => GenaiClient;

/** Its predecessor; 0.24 was the last. */
type GenerativeAi = new (key: string) => {
  getGenerativeModel(
    parameters: object,
    options: object,
  ): ReturnType<GenerativeAiClient['getGenerativeModel']>;
};

function withGenai(GoogleGenAI: Genai, root: string): Provider {
  return google({
    model,
    client: new GoogleGenAI({ apiKey, httpOptions: { baseUrl: root, apiVersion: 'v1beta' } }),
  });
}

/** This package takes the base URL with each model. */
function withGenerativeAi(GoogleGenerativeAI: GenerativeAi, root: string): Provider {
  const client = new GoogleGenerativeAI(apiKey);
  return google({
    model,
    client: { getGenerativeModel: (parameters) => client.getGenerativeModel(parameters, { baseUrl: root }) },
  });
}

/** It reads an error in the stream only where nothing stands before it in the same read, and takes a web page for a broken stream. */
const lostByGenai = {
  'a web page with 200': { code: 'connection', retryable: true },
  'reports an error': { code: 'truncated' },
  'turns to garbage': { code: 'truncated' },
};

/** It drops every error that does not stand in the status, and hides why a connection failed. */
const lostByGenerativeAi = {
  'a web page with 200': { code: 'connection', retryable: true },
  'an error with status 200': { code: 'connection', retryable: true },
  'reports an error': { code: 'truncated' },
  'turns to garbage': { code: 'connection', text: '' },
  'nobody there': { maybeAccepted: true },
};

for (const { title, exports } of genais) {
  const Client = exports?.['GoogleGenAI'] as Genai;
  describe.skipIf(exports === undefined)(`the caller’s own client: ${title}`, () => {
    testTransport({ ...googleVendor, make: (root) => withGenai(Client, root), differs: lostByGenai });
  });
}

for (const { title, exports } of generativeAis) {
  const Client = exports?.['GoogleGenerativeAI'] as GenerativeAi;
  describe.skipIf(exports === undefined)(`the caller’s own client: ${title}`, () => {
    testTransport({
      ...googleVendor,
      make: (root) => withGenerativeAi(Client, root),
      differs: lostByGenerativeAi,
    });
  });
}
