import { z } from 'zod';

const text = z.string();
const name = text.max(1024);
const optional = <T extends z.ZodType>(schema: T) => schema.nullish();

const contentPart = z.union([
  z.looseObject({ type: z.literal('text'), text }),
  z.looseObject({ type: z.literal('refusal'), refusal: text }),
  z.looseObject({
    type: z.literal('image_url'),
    image_url: z.looseObject({ url: text, detail: z.enum(['auto', 'low', 'high']).nullish() }),
  }),
  z.looseObject({
    type: z.literal('input_audio'),
    input_audio: z.looseObject({ data: text, format: z.enum(['wav', 'mp3']) }),
  }),
  z.looseObject({
    type: z.literal('file'),
    file: z.looseObject({ file_data: text.nullish(), filename: text.nullish(), file_id: text.nullish() }),
  }),
]);

const toolCall = z.looseObject({
  id: name,
  type: z.literal('function'),
  function: z.looseObject({ name, arguments: text }),
});

/** A message as OpenAI writes it. */
const chatMessageSchema = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.union([text, z.array(contentPart).max(10_000)]).nullish(),
  name: name.nullish(),
  tool_calls: z.array(toolCall).max(512).nullish(),
  tool_call_id: name.nullish(),
});

/** A message as OpenAI writes it. */
export type ChatMessage = z.infer<typeof chatMessageSchema>;

/** A part of a message's content. */
export type ChatContentPart = z.infer<typeof contentPart>;

/** A chat completion is asked for. Fields that are not here are passed over, as OpenAI's own clients send more with every version. */
export const chatRequestSchema = z.looseObject({
  model: text.max(512),
  messages: z.array(chatMessageSchema).min(1).max(10_000),
  stream: optional(z.boolean()),
  stream_options: optional(z.looseObject({ include_usage: z.boolean().nullish() })),
  temperature: optional(z.number().min(0).max(2)),
  top_p: optional(z.number().min(0).max(1)),
  max_tokens: optional(z.int().positive()),
  max_completion_tokens: optional(z.int().positive()),
  stop: optional(z.union([text, z.array(text).max(16)])),
  seed: optional(z.int()),
  reasoning_effort: optional(z.enum(['none', 'minimal', 'low', 'medium', 'high'])),
  tools: optional(
    z
      .array(
        z.looseObject({
          type: z.literal('function'),
          function: z.looseObject({
            name,
            description: text.nullish(),
            parameters: z.record(z.string(), z.unknown()).nullish(),
          }),
        }),
      )
      .max(512),
  ),
  tool_choice: optional(
    z.union([
      z.enum(['none', 'auto', 'required']),
      z.looseObject({ type: z.literal('function'), function: z.looseObject({ name }) }),
    ]),
  ),
  response_format: optional(
    z.discriminatedUnion('type', [
      z.object({ type: z.enum(['text', 'json_object']) }),
      z.object({
        type: z.literal('json_schema'),
        json_schema: z.looseObject({ name, schema: z.record(z.string(), z.unknown()).nullish() }),
      }),
    ]),
  ),
});

/** A chat completion is asked for. */
export type ChatCompletionRequest = z.infer<typeof chatRequestSchema>;

const count = z.int().min(0);

/** What was billed, over all calls of the run. */
const usageSchema = z.strictObject({
  prompt_tokens: count,
  completion_tokens: count,
  total_tokens: count,
  prompt_tokens_details: z.strictObject({ cached_tokens: count }),
  completion_tokens_details: z.strictObject({ reasoning_tokens: count }),
});

/** A chat completion. */
export const chatCompletionSchema = z.strictObject({
  id: text,
  object: z.literal('chat.completion'),
  created: z.int(),
  model: text,
  choices: z.array(
    z.strictObject({
      index: z.int(),
      message: z.strictObject({
        role: z.literal('assistant'),
        content: text.nullable(),
        refusal: text.nullable(),
        tool_calls: z.array(toolCall).exactOptional(),
      }),
      logprobs: z.null(),
      finish_reason: text,
    }),
  ),
  usage: usageSchema,
});

/** A piece of a streamed chat completion. */
export const chatChunkSchema = z.strictObject({
  id: text,
  object: z.literal('chat.completion.chunk'),
  created: z.int(),
  model: text,
  choices: z.array(
    z.strictObject({
      index: z.int(),
      delta: z.looseObject({}),
      logprobs: z.null(),
      finish_reason: text.nullable(),
    }),
  ),
  usage: usageSchema.nullish(),
});

/** An error as OpenAI writes it. */
export const chatErrorSchema = z.strictObject({
  error: z.strictObject({
    message: text,
    type: text,
    param: text.nullable(),
    code: text.nullable(),
  }),
});
