import type { ChatRequest, ResponseFormat, ToolChoice } from '../../request.ts';
import { definedOnly } from '../defined-only.ts';
import { HttpFault } from '../http-fault.ts';
import type { ChatCompletionRequest } from './chat-schemas.ts';
import { toMessages } from './to-messages.ts';

/**
 * What changes the answer and can't be had here, with the value that changes nothing. A field that no one knows is passed over; one that is known
 * and not honoured would be a lie.
 */
const REFUSED: Readonly<Record<string, (value: unknown) => boolean>> = {
  n: (value) => value === 1,
  logprobs: (value) => value === false,
  top_logprobs: (value) => value === 0,
  logit_bias: (value) => typeof value === 'object' && Object.keys(value ?? {}).length === 0,
  frequency_penalty: (value) => value === 0,
  presence_penalty: (value) => value === 0,
  parallel_tool_calls: (value) => value === true,
  modalities: (value) => JSON.stringify(value) === '["text"]',
  audio: () => false,
  functions: () => false,
  function_call: () => false,
  web_search_options: () => false,
};

/** The request of a chat completion as katamari has it. @throws HttpFault 400, naming the field, for what can't be honoured */
export function toRunInput(body: ChatCompletionRequest): ChatRequest {
  checkRefused(body);
  const { reasoning_effort: effort, stop } = body;
  const values = definedOnly({
    temperature: body.temperature ?? undefined,
    topP: body.top_p ?? undefined,
    maxOutputTokens: body.max_completion_tokens ?? body.max_tokens ?? undefined,
    stop: typeof stop === 'string' ? [stop] : (stop ?? undefined),
    seed: body.seed ?? undefined,
    tools: body.tools?.map(({ function: { name, description, parameters } }) => ({
      name,
      parameters: parameters ?? { type: 'object', properties: {} },
      ...definedOnly({ description: description ?? undefined }),
    })),
    toolChoice: toolChoiceOf(body),
    reasoning: effort === undefined || effort === null ? undefined : { effort },
    responseFormat: responseFormatOf(body),
  });
  return { messages: toMessages(body.messages), ...values };
}

function checkRefused(body: ChatCompletionRequest): void {
  for (const [field, isHarmless] of Object.entries(REFUSED)) {
    const value = body[field];
    if (value === undefined || value === null || isHarmless(value)) continue;
    throw new HttpFault(400, 'invalid-input', `${field}: this server can’t honour it. Leave it out.`, {
      param: field,
    });
  }
}

function toolChoiceOf({ tool_choice: choice }: ChatCompletionRequest): ToolChoice | undefined {
  if (choice === undefined || choice === null) return undefined;
  return typeof choice === 'string' ? choice : { name: choice.function.name };
}

function responseFormatOf({ response_format: format }: ChatCompletionRequest): ResponseFormat | undefined {
  if (format === undefined || format === null) return undefined;
  if (format.type !== 'json_schema') return format.type === 'text' ? undefined : { type: 'json' };
  const { name, schema } = format.json_schema;
  return { type: 'json', name, ...definedOnly({ schema: schema ?? undefined }) };
}
