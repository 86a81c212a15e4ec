/**
 * Where hosts of the chat-completions protocol differ. Data, so that a new host is a few words and not a class.
 */
export interface OpenaiChatDialect {
  /** The field that bounds the answer: OpenAI's reasoning models take only the newer one, most other hosts only the older. @defaultValue `'max_tokens'` */
  readonly maxTokensField?: 'max_tokens' | 'max_completion_tokens';
  /** Whether `stream_options.include_usage` is sent. Hosts that refuse it send usage anyway. @defaultValue true */
  readonly streamUsage?: boolean;
  /** The field that holds the seed. @defaultValue `'seed'` */
  readonly seedField?: 'seed' | 'random_seed';
  /**
   * How `reasoning.effort` is sent: `reasoning_effort: 'low'`; `reasoning: { effort: 'low' }`; `enable_thinking: true`;
   * `thinking: { type: 'enabled' }`; or not at all. @defaultValue `'reasoning_effort'`
   */
  readonly reasoning?:
    | 'reasoning_effort'
    | 'reasoning-object'
    | 'enable_thinking'
    | 'thinking-object'
    | 'none';
  /** How a model's earlier reasoning goes back to it with its tool calls. @defaultValue `'none'` */
  readonly reasoningBack?: 'reasoning_content' | 'reasoning_details' | 'none';
  /** Whether a JSON schema can be sent. Where it can't, the schema goes into a system message. @defaultValue true */
  readonly jsonSchema?: boolean;
  /** Whether files may be given by URL. @defaultValue false */
  readonly fileUrls?: boolean;
  /** Whether ids of tool calls must be nine letters and digits. @defaultValue false */
  readonly shortToolIds?: boolean;
  /** Keys of `providerOptions[name]` that are sent besides the `commonOptions`. */
  readonly options?: readonly string[];
}

/** Keys of `providerOptions[name]` that every host is sent, word for word. */
export const commonOptions: readonly string[] = [
  'user',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'presence_penalty',
  'frequency_penalty',
  'parallel_tool_calls',
  'service_tier',
  'store',
  'metadata',
  'verbosity',
  'prediction',
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
  'web_search_options',
  'top_k',
  'min_p',
  'repetition_penalty',
];
