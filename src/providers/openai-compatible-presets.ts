import type { OpenaiChatDialect } from '../wire/openai-chat/dialect.ts';

/** What is known of a host of the chat-completions protocol. */
export interface OpenaiCompatiblePreset {
  readonly baseURL: string;
  /** The environment variables that may hold the key, the first one first. */
  readonly keyVariables?: readonly string[];
  /** Whether the host answers nobody without a key. */
  readonly needsKey: boolean;
  readonly dialect: OpenaiChatDialect;
}

/** Sampling that open-weight servers know besides OpenAI's. */
const openWeightOptions = ['chat_template_kwargs', 'repeat_penalty', 'typical_p', 'ignore_eos'] as const;

/** Hosts by name. Data only: whatever a host does differently stands in its dialect. */
export const openaiCompatiblePresets = {
  openrouter: {
    baseURL: 'https://openrouter.ai/api/v1',
    keyVariables: ['OPENROUTER_API_KEY'],
    needsKey: true,
    dialect: {
      reasoning: 'reasoning-object',
      reasoningBack: 'reasoning_details',
      fileUrls: true,
      options: [
        'provider',
        'models',
        'route',
        'transforms',
        'reasoning',
        'include_reasoning',
        'plugins',
        'usage',
        'top_a',
      ],
    },
  },
  /** Alibaba's international endpoint; the one in China is `https://dashscope.aliyuncs.com/compatible-mode/v1`. */
  dashscope: {
    baseURL: 'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
    keyVariables: ['ALIBABA_CLOUD_API_KEY', 'DASHSCOPE_API_KEY'],
    needsKey: true,
    dialect: {
      reasoning: 'enable_thinking',
      options: [
        'enable_thinking',
        'thinking_budget',
        'enable_search',
        'search_options',
        'translation_options',
        'vl_high_resolution_images',
      ],
    },
  },
  ollama: {
    baseURL: 'http://localhost:11434/v1',
    keyVariables: ['OLLAMA_API_KEY'],
    needsKey: false,
    dialect: {},
  },
  'llama-cpp': {
    baseURL: 'http://localhost:8080/v1',
    needsKey: false,
    dialect: {
      options: [
        ...openWeightOptions,
        'cache_prompt',
        'grammar',
        'id_slot',
        'mirostat',
        'reasoning_format',
        'n_probs',
      ],
    },
  },
  'lm-studio': {
    baseURL: 'http://localhost:1234/v1',
    needsKey: false,
    dialect: { options: ['repeat_penalty', 'ttl'] },
  },
  vllm: {
    baseURL: 'http://localhost:8000/v1',
    keyVariables: ['VLLM_API_KEY'],
    needsKey: false,
    dialect: {
      options: [
        ...openWeightOptions,
        'min_tokens',
        'structured_outputs',
        'include_reasoning',
        'priority',
        'stop_token_ids',
      ],
    },
  },
  groq: {
    baseURL: 'https://api.groq.com/openai/v1',
    keyVariables: ['GROQ_API_KEY'],
    needsKey: true,
    dialect: {
      maxTokensField: 'max_completion_tokens',
      options: [
        'reasoning_format',
        'include_reasoning',
        'compound_custom',
        'search_settings',
        'documents',
        'citation_options',
      ],
    },
  },
  deepseek: {
    baseURL: 'https://api.deepseek.com/v1',
    keyVariables: ['DEEPSEEK_API_KEY'],
    needsKey: true,
    dialect: {
      jsonSchema: false,
      reasoning: 'thinking-object',
      reasoningBack: 'reasoning_content',
      options: ['thinking'],
    },
  },
  /** Refuses every field it does not know, `stream_options` among them; its usage comes without. */
  mistral: {
    baseURL: 'https://api.mistral.ai/v1',
    keyVariables: ['MISTRAL_API_KEY'],
    needsKey: true,
    dialect: {
      streamUsage: false,
      seedField: 'random_seed',
      reasoning: 'none',
      shortToolIds: true,
      options: ['safe_prompt', 'prompt_mode', 'reasoning_effort', 'n'],
    },
  },
  xai: {
    baseURL: 'https://api.x.ai/v1',
    keyVariables: ['XAI_API_KEY'],
    needsKey: true,
    dialect: { maxTokensField: 'max_completion_tokens', options: ['search_parameters', 'deferred'] },
  },
  together: {
    baseURL: 'https://api.together.ai/v1',
    keyVariables: ['TOGETHER_API_KEY'],
    needsKey: true,
    dialect: { options: ['safety_model', 'context_length_exceeded_behavior', 'chat_template_kwargs'] },
  },
} as const satisfies Readonly<Record<string, OpenaiCompatiblePreset>>;

/** The name of a known host. */
export type OpenaiCompatiblePresetName = keyof typeof openaiCompatiblePresets;
