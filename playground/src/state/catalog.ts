import { batch, signal } from '@preact/signals';

import type { ModelInfo, PersonaDetail, PersonaEntry } from '../api/api-types.ts';
import { readModels, readPersona, readPersonas } from '../api/catalog-api.ts';
import { locale } from '../i18n/locale.ts';
import { changeSetup, setups, sides } from './setup.ts';

/** What the server has to offer. */
export const personas = signal<readonly PersonaEntry[]>([]);
export const models = signal<readonly ModelInfo[]>([]);

/** Personas that were looked at, by id. */
export const details = signal<ReadonlyMap<string, PersonaDetail>>(new Map());

const firstPersonas = { en: 'concise-engineer', ja: 'kanketsu-engineer' } as const;

/** Reads what there is, and chooses something where nothing is chosen yet. */
export async function loadCatalog(): Promise<void> {
  const [foundPersonas, foundModels] = await Promise.all([readPersonas(), readModels()]);
  batch(() => {
    personas.value = foundPersonas;
    models.value = foundModels;
    const { persona } = choosePersona(foundPersonas);
    const model = foundModels.find(({ provider }) => provider === 'local') ?? foundModels[0];
    for (const which of sides) {
      const { model: chosen } = setups[which].value;
      if (chosen === '' && model !== undefined)
        changeSetup({ persona, provider: model.provider, model: model.id }, which);
    }
  });
}

function choosePersona(found: readonly PersonaEntry[]): { readonly persona: string | null } {
  const preferred = found.find(({ id }) => id === firstPersonas[locale.value]);
  return { persona: (preferred ?? found[0])?.id ?? null };
}

/** Reads a persona once. */
export async function loadPersonaDetail(id: string): Promise<void> {
  if (details.value.has(id)) return;
  const detail = await readPersona(id);
  details.value = new Map(details.value).set(id, detail);
}
