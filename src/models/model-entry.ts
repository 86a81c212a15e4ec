/** What kind of model it is. */
export type ModelType = 'chat' | 'reasoning' | 'embedding';

/** The encodings whose tables are public, by the names of tiktoken. */
export type PublicTokenizer = 'o200k_base' | 'cl100k_base';

/** A setting of a request that not every model takes. */
export type RefusableSetting = 'temperature' | 'topP' | 'stop' | 'seed';

/** Where a fact was read. */
export interface FactSource {
  readonly url: string;
  /** The day the page gives for it, else the day it was read; `YYYY-MM-DD`. */
  readonly date: string;
}

/** What tokens cost, in USD per million tokens. `null` is a price that is not known. */
export interface TokenPrices {
  /** Prompt tokens that were neither read from nor written to a cache. */
  readonly input: number | null;
  /** Generated tokens, reasoning included. */
  readonly output: number | null;
  /** Prompt tokens read from the vendor's cache. Left out where the vendor names no such price. */
  readonly cacheRead?: number | null;
  /** Prompt tokens written to the vendor's cache, at its shortest retention. Left out where the vendor names no such price. */
  readonly cacheWrite?: number | null;
}

/** Prices of a call with a long prompt; the whole call is billed at them. */
export interface LongPromptPrices extends TokenPrices {
  /** They hold where the prompt, cache included, has more tokens than this. */
  readonly aboveTokens: number;
}

/** Prices of a model at the vendor's standard tier: no batch, no priority, no regional surcharge. */
export interface ModelPrices extends TokenPrices {
  /** Dearer prices of long prompts, by rising `aboveTokens`. */
  readonly longPrompt?: readonly LongPromptPrices[];
  /** The last day for which the vendor promised the prices, where they are promotional; `YYYY-MM-DD`. */
  readonly until?: string;
  /** What the numbers leave out. */
  readonly note?: string;
}

/** Where the facts of an entry were read, by group. */
export interface EntrySources {
  /** What it is and how much it takes: family, reasoning, images, window, output. */
  readonly model: readonly FactSource[];
  readonly prices: readonly FactSource[];
  /** `refuses` and `refusesWhileThinking`. */
  readonly refuses?: readonly FactSource[];
  readonly tokenizer?: readonly FactSource[];
}

/** What is known of a model. Plain JSON; `null` says that a fact is not known, never that it is zero. */
export interface ModelEntry {
  /** The id as the vendor's API takes it; that of an open-weight model at a host begins with the host: `groq/openai/gpt-oss-20b`. */
  readonly id: string;
  /** Other ids that name the same model at the same prices. */
  readonly aliases?: readonly string[];
  /** Who sells it, for example `openai`. */
  readonly provider: string;
  /** What it is a version of, for example `claude-sonnet`. */
  readonly family: string;
  /** `reasoning` thinks unless it is told not to, or cannot be told; `chat` answers at once unless it is asked to think. */
  readonly type: ModelType;
  /** Whether it can think before it answers. */
  readonly reasoning: boolean;
  /** Whether it thinks along several lines at once, as its vendor documents. */
  readonly parallel: boolean;
  /** Prompt and answer together, in tokens. */
  readonly contextWindow: number | null;
  /** The longest prompt, in tokens, where that is less than the window. */
  readonly maxInput?: number;
  /** The longest answer, reasoning included, in tokens. `null` also for embeddings, which have none. */
  readonly maxOutput: number | null;
  readonly prices: ModelPrices;
  /** The encoding its tokens are counted with; `null` where it is not public or not documented. */
  readonly tokenizer: PublicTokenizer | null;
  /** Settings it refuses or ignores. */
  readonly refuses?: readonly RefusableSetting[];
  /** Settings it refuses or ignores while it thinks, and takes with reasoning effort `none`. */
  readonly refusesWhileThinking?: readonly RefusableSetting[];
  /** Whether it takes images. */
  readonly images?: boolean;
  readonly source: EntrySources;
}
