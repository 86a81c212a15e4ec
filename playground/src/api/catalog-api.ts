import type { ModelInfo, PersonaDetail, PersonaEntry } from './api-types.ts';
import { requestJson } from './request-json.ts';

interface ModelEntryOnWire {
  readonly id: string;
  readonly provider: string | null;
  readonly model: string | null;
  readonly contextWindow: number | null;
  readonly prices: ModelInfo['prices'];
  /** Set where the entry is a chain, not a model. */
  readonly chain?: string;
}

export async function readPersonas(): Promise<readonly PersonaEntry[]> {
  const { personas } = await requestJson<{ personas: readonly PersonaEntry[] }>('v1/personas');
  return personas;
}

export function readPersona(id: string): Promise<PersonaDetail> {
  return requestJson<PersonaDetail>(`v1/personas/${encodeURIComponent(id)}`);
}

export async function readModels(): Promise<readonly ModelInfo[]> {
  const { data } = await requestJson<{ data: readonly ModelEntryOnWire[] }>('v1/models');
  return data.flatMap(({ provider, model, chain, contextWindow, prices }) =>
    provider === null || model === null || chain !== undefined
      ? []
      : [{ id: model, provider, contextWindow, prices, isLanguageModel: provider !== 'local' }],
  );
}
