import type * as Katamari from '../../src/index.ts';
import type { Provider } from '../../src/provider.ts';
import type * as Anthropic from '../../src/providers/anthropic.ts';
import type * as Google from '../../src/providers/google.ts';
import type * as OpenAI from '../../src/providers/openai.ts';
import type { Protocol } from '../../src/testing/wire-answer.ts';
import { API_KEY, MODELS, oncePerRoot, QUESTION, tellAll, type Answer } from '../harness/contender.ts';
import { loadPeer } from '../harness/load-peer.ts';

/** The package as it is built and as an app imports it, with the adapter of one protocol. */
export async function loadKatamari(
  protocol: Protocol,
): Promise<{ readonly katamari: typeof Katamari; readonly connect: (root: string) => Provider }> {
  const katamari = await loadPeer<typeof Katamari>('katamari');
  const model = MODELS[protocol];
  if (protocol === 'anthropic-messages') {
    const { anthropic } = await loadPeer<typeof Anthropic>('katamari/anthropic');
    return { katamari, connect: (baseURL) => anthropic({ baseURL, apiKey: API_KEY, model }) };
  }
  if (protocol === 'google-generate') {
    const { google } = await loadPeer<typeof Google>('katamari/google');
    return { katamari, connect: (baseURL) => google({ baseURL, apiKey: API_KEY, model }) };
  }
  const { openai } = await loadPeer<typeof OpenAI>('katamari/openai');
  const api = protocol === 'openai-responses' ? 'responses' : 'chat';
  return { katamari, connect: (root) => openai({ baseURL: `${root}/v1`, apiKey: API_KEY, model, api }) };
}

/** A whole chain: persona, trim, one call and metrics, read as text. */
export async function katamari(protocol: Protocol): Promise<Answer> {
  const { katamari: library, connect } = await loadKatamari(protocol);
  const { Chain, persona, trim } = library;
  const engineer = persona({ name: 'engineer', style: 'Plain and short.', forbid: ['foobarbaz'] });
  const budget = trim({ targetTokens: 4096 });
  const chainOf = oncePerRoot((root) => new Chain({ provider: connect(root) }).use(engineer).use(budget));
  return (root, told, signal) => {
    return tellAll(
      chainOf(root)
        .stream({ messages: QUESTION, ...(signal && { signal }) })
        .tokens(),
      told,
    );
  };
}
