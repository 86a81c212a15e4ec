import type { Message, MessageFate } from 'katamari';

/** An entry of `GET /v1/personas`. */
export interface PersonaEntry {
  readonly id: string;
  readonly name: string;
  readonly version?: string;
  readonly hash?: string;
}

/** `GET /v1/personas/:id`. */
export interface PersonaDetail extends PersonaEntry {
  readonly yaml?: string;
  readonly prompt: string;
  readonly tokens: number;
}

/** `POST /v1/personas/compile`. */
export interface CompiledPersona {
  readonly prompt: string;
  readonly tokens: number;
  readonly hash?: string;
  readonly issues: readonly PersonaNote[];
}

/** Something about a persona that does not keep it from being used. */
interface PersonaNote {
  readonly message: string;
  readonly path?: string;
}

/** An entry of `GET /v1/models`. */
export interface ModelInfo {
  readonly id: string;
  readonly provider: string;
  readonly contextWindow: number | null;
  readonly prices: { readonly input: number | null; readonly output: number | null } | null;
  readonly isLanguageModel: boolean;
}

/** `POST /v1/trim`. */
export interface TrimAnswer {
  readonly messages: readonly Message[];
  readonly report: {
    readonly tokensBefore: number;
    readonly tokensAfter: number;
    readonly estimated: boolean;
    readonly messages: readonly MessageFate[];
  };
}
