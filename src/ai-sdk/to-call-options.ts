import type { ChatRequest, ToolChoice } from '../request.ts';
import type { CallOptions } from './language-model.ts';
import { toPrompt } from './to-prompt.ts';

/**
 * A request as `doStream` of a version 4 model takes it, field by field. What the request leaves out is not set. `providerOptions` goes on as it
 * is: the AI SDK keys it by provider too, and each provider looks for its own.
 *
 * @throws KatamariError `invalid-input` for a picture or a file that cannot be read.
 */
export function toCallOptions(request: ChatRequest, abortSignal: AbortSignal): CallOptions {
  const { maxOutputTokens, temperature, topP, stop = [], seed, reasoning, providerOptions } = request;
  const options: CallOptions = { prompt: toPrompt(request.messages), abortSignal };
  if (maxOutputTokens !== undefined) options.maxOutputTokens = maxOutputTokens;
  if (temperature !== undefined) options.temperature = temperature;
  if (topP !== undefined) options.topP = topP;
  if (stop.length > 0) options.stopSequences = [...stop];
  if (seed !== undefined) options.seed = seed;
  if (reasoning?.effort !== undefined) options.reasoning = reasoning.effort;
  addFormat(options, request);
  addTools(options, request);
  if (providerOptions !== undefined) options.providerOptions = { ...providerOptions };
  return options;
}

function addFormat(options: CallOptions, { responseFormat }: ChatRequest): void {
  if (responseFormat === undefined) return;
  const { schema, name } = responseFormat;
  options.responseFormat = {
    type: 'json',
    ...(schema === undefined ? {} : { schema }),
    ...(name === undefined ? {} : { name }),
  };
}

function addTools(options: CallOptions, { tools = [], toolChoice }: ChatRequest): void {
  if (tools.length === 0) return;
  options.tools = tools.map(({ name, description, parameters }) => ({
    type: 'function',
    name,
    ...(description === undefined ? {} : { description }),
    inputSchema: parameters,
  }));
  if (toolChoice !== undefined) options.toolChoice = toChoice(toolChoice);
}

function toChoice(choice: ToolChoice): NonNullable<CallOptions['toolChoice']> {
  return typeof choice === 'string' ? { type: choice } : { type: 'tool', toolName: choice.name };
}
