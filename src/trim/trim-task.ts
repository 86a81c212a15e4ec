import type { Message } from '../message.ts';
import type { Costs } from './cost-ledger.ts';
import type { HistoryIndex } from './history-index.ts';
import type { KeptWhy } from './protect.ts';
import type { FactBook } from './retention/fact-retention.ts';
import type { Candidates } from './select-recent.ts';
import type { TrimPlan } from './trim-options.ts';

/** How near a message is to what the call is about, in meaning, on any scale; `undefined` where that is not known. */
export type Nearness = (message: Message) => number | undefined;

/** What a trim works with; the same for all trims of a conversation, so that no message is read twice. */
export interface TrimMeans {
  readonly costs: Costs;
  readonly facts: FactBook;
  /** Not to be shared by trims that wait for something. @defaultValue all messages are read anew */
  readonly index?: HistoryIndex | undefined;
  /** How far the sizes may be below the truth, as a share: so much of the budget is left free. @defaultValue 0: they are counted exactly */
  readonly caution?: number | undefined;
  /** What the call is about. @defaultValue its last user message */
  readonly query?: string | undefined;
  /** For the ranking by relevance. @defaultValue words alone decide */
  readonly nearness?: Nearness | undefined;
}

/** A request on its way through a trim. */
export interface TrimTask extends Candidates {
  readonly plan: TrimPlan;
  readonly means: TrimMeans;
  readonly index: HistoryIndex;
  /** The budget in tokens, as far as it may be filled with sizes that may be too small. */
  readonly budget: number;
  /** What the kept messages shall help to answer. */
  readonly query: string;
  /** Why each message stays whatever the budget. */
  readonly protectedWhy: KeptWhy;
}

/** What is left of a message. */
export interface MessagePart {
  readonly message: Message;
  readonly why: string;
}

/** What was chosen to stay. */
export interface Choice {
  readonly why: KeptWhy;
  readonly messages: readonly Message[];
  /** The size of the whole request with these messages, in tokens. */
  readonly tokens: number;
  /** Messages of which only a part stays, by their places. */
  readonly parts: ReadonlyMap<number, MessagePart>;
  /** Why a message is left out, where it is not just the budget. */
  readonly droppedWhy?: (index: number) => string | undefined;
}
