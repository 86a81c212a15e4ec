/** What a model takes. Data, so that a new model is a line and not code. */
export interface ClaudeTraits {
  /**
   * How thinking is asked for: not at all; with a budget of tokens; or `adaptive`, by effort alone. With `always` it is adaptive, on without
   * being asked for, and cannot be switched off; with `default` it is on too, but can.
   */
  readonly thinking: 'none' | 'budget' | 'adaptive' | 'default' | 'always';
  /** Whether temperature and top_p are taken: both, one of the two, or neither. */
  readonly sampling: 'both' | 'one' | 'none';
  /** Whether the answer can be held to a JSON schema. */
  readonly jsonSchema: boolean;
  /** Whether the last message may be the assistant's, which the model then continues. */
  readonly prefill: boolean;
}

const withoutThinking: ClaudeTraits = {
  thinking: 'none',
  sampling: 'both',
  jsonSchema: false,
  prefill: true,
};
const withBudget: ClaudeTraits = { ...withoutThinking, thinking: 'budget' };
const version45: ClaudeTraits = { thinking: 'budget', sampling: 'one', jsonSchema: true, prefill: true };
const version46: ClaudeTraits = { thinking: 'adaptive', sampling: 'one', jsonSchema: true, prefill: false };
const version47: ClaudeTraits = { ...version46, sampling: 'none' };
const version5: ClaudeTraits = { ...version47, thinking: 'default' };
const newest: ClaudeTraits = { ...version47, thinking: 'always' };

/**
 * Models by their names, also inside the ids of Bedrock and Vertex; the first line that matches holds. Sampling was removed with Opus 4.7,
 * budgets with it; Opus and Sonnet 5 think unless told not to, Fable, Mythos and later models always.
 */
const byName: readonly (readonly [RegExp, ClaudeTraits])[] = [
  [/claude-3-7/, withBudget],
  [/claude-(?:2|instant|3)/, withoutThinking],
  [/claude-(?:opus|sonnet|haiku)-4-5(?!\d)/, version45],
  [/claude-(?:opus|sonnet|haiku)-4-6(?!\d)/, version46],
  [/claude-(?:opus|sonnet|haiku)-4-[78](?!\d)/, version47],
  [
    /claude-(?:opus|sonnet|haiku)-4(?:-[01])?(?!-?\d)|claude-(?:opus|sonnet)-4(?:-[01])?[-@]\d{8}/,
    withBudget,
  ],
  [/claude-(?:opus|sonnet)-5(?!-\d(?!\d))/, version5],
  [/claude/, newest],
];

/** What the model takes. One that is not known by name is taken for one of the newest if it is a Claude, else for a host that takes most. */
export function traitsOf(model: string): ClaudeTraits {
  return byName.find(([pattern]) => pattern.test(model))?.[1] ?? withBudget;
}
