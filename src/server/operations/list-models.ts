import type { ModelEntry } from '../../models/model-entry.ts';
import type { ModelRegistry } from '../../models/model-registry.ts';
import { chatModelId } from '../chat/chat-model-id.ts';
import { jsonResponse } from '../json-response.ts';
import { operation, type ServerParts } from '../operation.ts';
import { modelListSchema } from '../schemas/server-schemas.ts';

/** `GET /v1/models` */
export const listModels = operation({
  id: 'listModels',
  method: 'GET',
  path: '/v1/models',
  summary:
    'What chat completions may name as model (katamari/…), and the providers and models that chains may be told to use.',
  answers: {
    200: [
      { description: 'The models, in the form of OpenAI and with more to each.', schema: modelListSchema },
    ],
  },
  async handle({ server }) {
    const { models: registry } = await import('../../models/models.ts');
    const data = [...(await chainEntries(server, registry)), ...(await modelEntries(server, registry))];
    return jsonResponse({ object: 'list', data });
  },
});

async function chainEntries(server: ServerParts, registry: ModelRegistry) {
  const lists = await Promise.all(
    server.chains.names.map(async (chain) => {
      const behind = await providerOf(server, chain);
      const facts = { ...baseOf(server, 'katamari'), ...behind, ...factsOf(behind, registry), chain };
      const personas = server.personas.ids.map((persona) => ({
        id: chatModelId(chain, persona),
        ...facts,
        persona,
      }));
      return [{ id: chatModelId(chain), ...facts }, ...personas];
    }),
  );
  return lists.flat();
}

async function modelEntries(server: ServerParts, registry: ModelRegistry) {
  const { models = [] } = server.options;
  const listed = typeof models === 'function' ? await models() : models;
  return listed.map(({ provider, model }) => ({
    id: model,
    ...baseOf(server, provider),
    provider,
    model,
    ...factsOf({ provider, model }, registry),
  }));
}

/** Who stands behind a chain that is asked for without settings; a factory may want some. */
async function providerOf(server: ServerParts, chain: string) {
  try {
    const { provider } = await server.chains.choose({ chain });
    return { provider: provider.name, model: provider.model };
  } catch {
    return { provider: null, model: null };
  }
}

function baseOf(server: ServerParts, owner: string) {
  return { object: 'model' as const, created: Math.floor(server.startedAt / 1000), owned_by: owner };
}

function factsOf(
  { provider, model }: { provider: string | null; model: string | null },
  registry: ModelRegistry,
): { contextWindow: number | null; prices: { input: number | null; output: number | null } | null } {
  const entry: ModelEntry | undefined =
    model === null ? undefined : (registry.find(`${provider ?? ''}/${model}`) ?? registry.find(model));
  const prices = entry && { input: entry.prices.input, output: entry.prices.output };
  return { contextWindow: entry?.contextWindow ?? null, prices: prices ?? null };
}
