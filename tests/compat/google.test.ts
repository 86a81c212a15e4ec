import { describe } from 'vitest';

import type { Provider } from '../../src/provider.ts';
import { google, type GenaiClient, type GenerativeAiClient } from '../../src/providers/google.ts';
import { googleVendor } from '../integration/google-vendor.ts';
import { testTransport } from '../integration/transport-contract.ts';
import { loadPackage } from './load-package.ts';

const genai = await loadPackage('@google/genai');
const GoogleGenAI = genai?.['GoogleGenAI'] as new (options: object) => GenaiClient;
const generativeAi = await loadPackage('@google/generative-ai');
const GoogleGenerativeAI = generativeAi?.['GoogleGenerativeAI'] as new (key: string) => OldClient;
const { apiKey } = googleVendor;
const model = 'gemini-2.5-flash';

interface OldClient {
  getGenerativeModel(
    parameters: object,
    options: object,
  ): ReturnType<GenerativeAiClient['getGenerativeModel']>;
}

function withGenai(root: string): Provider {
  return google({
    model,
    client: new GoogleGenAI({ apiKey, httpOptions: { baseUrl: root, apiVersion: 'v1beta' } }),
  });
}

/** This package takes the base URL with each model. */
function withGenerativeAi(root: string): Provider {
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

describe.skipIf(genai === undefined)(
  'the caller’s own client, if the package @google/genai is installed',
  () => {
    testTransport({ ...googleVendor, make: withGenai, differs: lostByGenai });
  },
);

describe.skipIf(generativeAi === undefined)(
  'the caller’s own client, if the package @google/generative-ai is installed',
  () => {
    testTransport({ ...googleVendor, make: withGenerativeAi, differs: lostByGenerativeAi });
  },
);
