import { beginSse, chatChunk, chatEnding, sendJson } from './respond.ts';
import { startServer, type Handler, type TestServer } from './start-server.ts';

/** How a provider on loopback answers a chat request. */
export type ProviderMood =
  | 'well'
  | 'slow'
  | 'hanging'
  | 'rate-limited'
  | 'overloaded'
  | 'unauthorized'
  | 'no-model';

/** To the first token of a slow one, in milliseconds. */
const SLOW_MS = 1500;

const refused = (status: number, code: string, message: string): Handler => {
  return ({ response }) => sendJson(response, status, { error: { message, type: code, code } });
};

const moods: Readonly<Record<ProviderMood, Handler>> = {
  well: async ({ response }) => {
    beginSse(response);
    for (const content of ['Until ', '18:00', '.']) {
      response.write(chatChunk({ content }));
      await pause(100);
    }
    response.end(chatEnding());
  },
  slow: async (served) => {
    await pause(SLOW_MS);
    await moods.well(served);
  },
  hanging: ({ response }) => beginSse(response),
  'rate-limited': refused(429, 'rate_limit_exceeded', 'Rate limit reached for requests'),
  overloaded: refused(503, 'overloaded', 'The engine is currently overloaded'),
  unauthorized: refused(401, 'invalid_api_key', 'Incorrect API key provided'),
  'no-model': refused(404, 'model_not_found', 'The model does not exist'),
};

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** A provider that speaks OpenAI's chat protocol, in whatever mood it is in. */
export function startProvider(mood: ProviderMood): Promise<TestServer> {
  return startServer(moods[mood]);
}
