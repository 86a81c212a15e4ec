import type { Message, TrimStrategy } from 'katamari';

import type { Setup } from '../state/setup.ts';

/** The body of `POST /v1/runs`. */
export interface RunBody {
  readonly messages: readonly Message[];
  readonly persona?: string | { readonly yaml: string };
  readonly provider?: string;
  readonly model?: string;
  readonly budget?: {
    readonly targetTokens: number;
    readonly minTurns: number;
    readonly strategy: TrimStrategy;
  };
  readonly reflect: false | { readonly maxRounds: number };
  readonly stream: true;
}

/** Turns before the current one that a trim keeps first. */
export const MIN_TURNS = 2;

/** What the server is asked for with a set-up. */
export function runBody(setup: Setup, messages: readonly Message[]): RunBody {
  const { persona, yaml, provider, model, reflect, rounds, trim, budget, strategy } = setup;
  return {
    messages,
    ...(persona !== null && { persona: yaml === null ? persona : { yaml } }),
    ...(model !== '' && { provider, model }),
    ...(trim && { budget: { targetTokens: budget, minTurns: MIN_TURNS, strategy } }),
    reflect: reflect && { maxRounds: rounds },
    stream: true,
  };
}
