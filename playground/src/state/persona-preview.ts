import { effect, signal } from '@preact/signals';

import { ApiError } from '../api/api-error.ts';
import type { CompiledPersona } from '../api/api-types.ts';
import { requestJson } from '../api/request-json.ts';
import { details, loadPersonaDetail } from './catalog.ts';
import { latest } from './latest.ts';
import { setup, type Setup } from './setup.ts';

/** The persona of the set-up in view, rendered; with what is wrong with its YAML. */
export interface PersonaPreview {
  readonly prompt: string;
  readonly tokens: number;
  readonly notes: readonly { readonly message: string; readonly path?: string }[];
  readonly fault: ApiError | null;
}

const nothing: PersonaPreview = { prompt: '', tokens: 0, notes: [], fault: null };

export const personaPreview = signal<PersonaPreview>(nothing);

/** How long typing may rest before the YAML is checked, in milliseconds. */
const REST_MS = 200;

/** Keeps the preview in step with the set-up in view. */
export function followPersona(): void {
  const soon = latest(REST_MS);
  effect(() => {
    const { persona, yaml, model } = setup.value;
    const detail = persona === null ? undefined : details.value.get(persona);
    if (persona === null) personaPreview.value = nothing;
    else if (yaml !== null) soon((signal) => compile(yaml, model, signal));
    else if (detail !== undefined) {
      soon(() => Promise.resolve()); // overtakes a check of an edit that was undone
      personaPreview.value = { prompt: detail.prompt, tokens: detail.tokens, notes: [], fault: null };
    } else loadPersonaDetail(persona).catch(() => undefined); // The connection's own state tells why.
  });
}

async function compile(yaml: string, model: string, signal: AbortSignal): Promise<void> {
  try {
    const body = { yaml, ...(model !== '' && { model }) };
    const compiled = await requestJson<CompiledPersona>('v1/personas/compile', {
      method: 'POST',
      body,
      signal,
    });
    const { prompt, tokens, issues } = compiled;
    personaPreview.value = { prompt, tokens, notes: issues, fault: null };
  } catch (error) {
    if (signal.aborted) return;
    const fault = error instanceof ApiError ? error : new ApiError('unknown', String(error));
    personaPreview.value = { ...personaPreview.value, notes: [], fault };
  }
}

/** The persona's YAML as it stands in the editor. */
export function yamlOf({ persona, yaml }: Setup): string {
  return yaml ?? (persona === null ? '' : (details.value.get(persona)?.yaml ?? ''));
}
