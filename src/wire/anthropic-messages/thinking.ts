import type { ReasoningSettings } from '../../request.ts';
import type { ClaudeTraits } from './claude-traits.ts';
import { isThought } from './to-blocks.ts';
import type { WireMessage } from './to-messages.ts';

type Effort = NonNullable<ReasoningSettings['effort']>;

/** Tokens for thoughts, by effort. The protocol's least is 1,024. They come on top of what the answer may take. */
const budgets: Readonly<Record<Effort, number>> = {
  none: 0,
  minimal: 1024,
  low: 2048,
  medium: 8192,
  high: 16_384,
};

const efforts: Readonly<Record<Effort, 'low' | 'medium' | 'high'>> = {
  none: 'low',
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
};

/** How thinking is asked for. */
export interface ThinkingPlan {
  /** `undefined`: not sent. */
  readonly thinking?: Readonly<Record<string, unknown>>;
  readonly effort?: 'low' | 'medium' | 'high';
  /** Tokens to be added to the bound of the answer, since thoughts count towards it. */
  readonly extraTokens: number;
  /** True where an effort was asked for that the model, or this conversation, does not take. */
  readonly isDropped: boolean;
}

const nothing: ThinkingPlan = { extraTokens: 0, isDropped: false };

/** What the conversation and the tools allow. */
export interface ThinkingScene {
  readonly messages: readonly WireMessage[];
  /** True where a tool must be used: a thought cannot come first then. */
  readonly isForced: boolean;
}

/** Effort in the words of the model. */
export function planThinking(
  effort: Effort | undefined,
  { thinking }: ClaudeTraits,
  scene: ThinkingScene,
): ThinkingPlan {
  if (effort === undefined) return nothing;
  if (effort === 'none') return switchOff(thinking);
  if (thinking === 'none' || scene.isForced) return { ...nothing, isDropped: true };
  const extraTokens = budgets[effort];
  if (thinking !== 'budget') {
    return { thinking: { type: 'adaptive' }, effort: efforts[effort], extraTokens, isDropped: false };
  }
  if (isAmidTools(scene.messages)) return { ...nothing, isDropped: true };
  return { thinking: { type: 'enabled', budget_tokens: extraTokens }, extraTokens, isDropped: false };
}

function switchOff(thinking: ClaudeTraits['thinking']): ThinkingPlan {
  if (thinking === 'default') return { ...nothing, thinking: { type: 'disabled' } };
  return thinking === 'always' ? { ...nothing, effort: efforts.none } : nothing;
}

/** With a budget, a turn that goes on behind tool results must have begun with a thought; where that was not kept, thinking is refused. */
function isAmidTools(messages: readonly WireMessage[]): boolean {
  if (messages.at(-1)?.content.some((block) => block['type'] === 'tool_result') !== true) return false;
  const asking = messages.at(-2)?.content[0];
  return asking !== undefined && !isThought(asking);
}
