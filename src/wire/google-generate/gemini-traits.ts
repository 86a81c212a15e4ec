import type { ReasoningSettings } from '../../request.ts';

type Effort = NonNullable<ReasoningSettings['effort']>;
type Thinking = Readonly<Record<string, unknown>>;

/** What a model takes. Data, so that a new model is a line and not code. */
export interface GeminiTraits {
  /** What asks for an effort, `undefined` where the model does not think. */
  readonly thinking?: Readonly<Record<Effort, Thinking>>;
  /** Whether a tool call that comes back without the signature of its thought is refused. */
  readonly needsSignature: boolean;
}

function budget(thinkingBudget: number): Thinking {
  return { thinkingBudget, includeThoughts: true };
}

function level(thinkingLevel: string): Thinking {
  return { thinkingLevel, includeThoughts: true };
}

/** Tokens for thoughts. Flash takes 0 to 24,576; Pro at least 128. */
function budgets(least: number): GeminiTraits {
  return {
    thinking: {
      none: { thinkingBudget: least },
      minimal: budget(512),
      low: budget(2048),
      medium: budget(8192),
      high: budget(24_576),
    },
    needsSignature: false,
  };
}

/** From version 3 on: levels, which cannot be switched off. */
function levels(least: 'minimal' | 'low', medium: 'medium' | 'high'): GeminiTraits {
  return {
    thinking: {
      none: { thinkingLevel: least },
      minimal: level(least),
      low: level('low'),
      medium: level(medium),
      high: level('high'),
    },
    needsSignature: true,
  };
}

/** Models by their names; the first line that matches holds. */
const byName: readonly (readonly [RegExp, GeminiTraits])[] = [
  [/gemini-(?:1|2\.0)|gemma|learnlm|imagen/, { needsSignature: false }],
  [/gemini-2\.5-pro/, budgets(128)],
  [/gemini-2\.5/, budgets(0)],
  [/gemini-3-pro/, levels('low', 'high')],
  [/gemini-[3-9].*-pro/, levels('low', 'medium')],
  [/gemini-[3-9]/, levels('minimal', 'medium')],
];

/** What the model takes. One that is not known by name, such as `gemini-flash-latest`, is asked nothing special. */
export function traitsOf(model: string): GeminiTraits {
  return byName.find(([pattern]) => pattern.test(model))?.[1] ?? { needsSignature: false };
}
