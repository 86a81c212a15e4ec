/** How hard the soak is, and how long. */
export interface SoakSettings {
  /** Readers at once, each of a run of its own, one run after another. */
  readonly readers: number;
  readonly seconds: number;
  /** Makes the same faults and drops again; when they meet whom is up to the machine. */
  readonly seed: number;
  /** Tokens of an answer. */
  readonly tokens: number;
  /** Between two tokens of the provider, in milliseconds. */
  readonly paceMs: number;
  /** To the provider's first token, in milliseconds. */
  readonly firstTokenMs: number;
  /** Wait of the chain before its first retry, in milliseconds. */
  readonly retryMs: number;
}

/** The model that no fault happens to: what latency is measured with. */
export const CALM_MODEL = 'calm';
/** The model whose answers are cut, stalled and rate-limited. */
export const MOODY_MODEL = 'moody';

/** Shares of the requests to the moody model. */
export const FAULTS = { cut: 0.05, stall: 0.03, limit: 0.05 } as const;
/** How long the readers take until all of them read, in milliseconds. */
export function rampMs({ seconds }: SoakSettings): number {
  return Math.min(10_000, seconds * 200);
}

/** Share of the connections that their reader drops in the middle. */
export const DROPS = 0.3;

/** The text of every answer, token by token. */
export function tokenAt(index: number): string {
  return `語${index} `;
}

/** Numbers from 0 to 1, the same for the same seed: mulberry32. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The settings that a process of the soak was started with. */
export function settingsOf(argument: string | undefined): SoakSettings {
  return JSON.parse(argument ?? '') as SoakSettings;
}
