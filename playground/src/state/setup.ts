import { computed, signal } from '@preact/signals';
import type { TrimStrategy } from 'katamari';

/** What a run is made of, besides the conversation. */
export interface Setup {
  /** `null`: no persona. */
  readonly persona: string | null;
  /** The persona as it was edited here; `null` while it is as the server has it. */
  readonly yaml: string | null;
  readonly provider: string;
  readonly model: string;
  readonly reflect: boolean;
  /** Rounds of critique at most. */
  readonly rounds: number;
  readonly trim: boolean;
  /** Budget of the whole request, in tokens. */
  readonly budget: number;
  readonly strategy: TrimStrategy;
}

/** One of two set-ups; `b` is there to be compared with. */
export type Side = 'a' | 'b';

export const sides: readonly Side[] = ['a', 'b'];

const firstSetup: Setup = {
  persona: null,
  yaml: null,
  provider: 'local',
  model: '',
  reflect: true,
  rounds: 1,
  trim: true,
  budget: 3072,
  strategy: 'relevant',
};

export const setups = { a: signal(firstSetup), b: signal<Setup>({ ...firstSetup, budget: 1024 }) };

/** The set-up that the settings show and change. */
export const side = signal<Side>('a');

/** Whether two set-ups answer. */
export const comparing = signal(false);

export const setup = computed(() => setups[side.value].value);

export const sidesInUse = computed<readonly Side[]>(() => (comparing.value ? sides : ['a']));

export function changeSetup(change: Partial<Setup>, which: Side = side.value): void {
  setups[which].value = { ...setups[which].value, ...change };
}

export function compare(on: boolean): void {
  comparing.value = on;
  if (!on) side.value = 'a';
}
