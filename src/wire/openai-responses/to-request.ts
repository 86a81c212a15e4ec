import type { ChatRequest, ResponseFormat, Tool, ToolChoice } from '../../request.ts';
import { pairTools } from '../pair-tools.ts';
import { isStrictSchema } from '../strict-schema.ts';
import type { WireRequest } from '../wire-request.ts';
import { traitsOf, type ResponsesTraits } from './model-traits.ts';
import { toItems } from './to-items.ts';

type WireRecord = Record<string, unknown>;

/** What the request is made for. */
export interface ToRequestOptions {
  /** The model that is asked where the request names none. */
  readonly model: string;
  /** The provider's name: the key of its `providerOptions`. */
  readonly provider: string;
}

/** Keys of `providerOptions[provider]` that are sent, word for word. */
const knownOptions: ReadonlySet<string> = new Set([
  'store',
  'include',
  'user',
  'metadata',
  'service_tier',
  'safety_identifier',
  'prompt_cache_key',
  'prompt_cache_retention',
  'previous_response_id',
  'conversation',
  'parallel_tool_calls',
  'max_tool_calls',
  'truncation',
  'top_logprobs',
  'context_management',
]);

/** Keys that stand elsewhere on the wire. */
const movedOptions: ReadonlySet<string> = new Set(['verbosity', 'reasoning_summary', 'tools']);

/**
 * A request as the body of `POST /responses`, field by field. Nothing is stored at the host unless `providerOptions` say so: the whole
 * conversation is sent each time, the model's thoughts encrypted.
 *
 * @throws KatamariError `invalid-input` for a part the protocol cannot carry.
 */
export function toRequest(request: ChatRequest, options: ToRequestOptions): WireRequest {
  const model = request.model ?? options.model;
  const traits = traitsOf(model);
  const own = request.providerOptions?.[options.provider];
  const body: WireRecord = { model, input: toItems(pairTools(request.messages)), stream: true, store: false };
  if (traits.reasons) body['include'] = ['reasoning.encrypted_content'];
  const dropped = addSampling(body, request, traits);
  addTools(body, request.tools, request.toolChoice, own?.['tools']);
  const format = toFormat(request.responseFormat);
  const verbosity = own?.['verbosity'];
  if (format !== undefined || verbosity !== undefined) {
    body['text'] = {
      ...(format === undefined ? {} : { format }),
      ...(verbosity === undefined ? {} : { verbosity }),
    };
  }
  const effort = request.reasoning?.effort;
  const summary = own?.['reasoning_summary'];
  if (effort !== undefined || summary !== undefined) {
    body['reasoning'] = {
      ...(effort === undefined ? {} : { effort }),
      ...(summary === undefined ? {} : { summary }),
    };
  }
  const ignored: string[] = [];
  for (const [key, value] of Object.entries(own ?? {})) {
    if (value === undefined || movedOptions.has(key)) continue;
    if (knownOptions.has(key)) body[key] = value;
    else ignored.push(key);
  }
  return { body, ignored, dropped };
}

/** Returns what the protocol or the model has no field for. */
function addSampling(
  body: WireRecord,
  request: ChatRequest,
  { sampling }: ResponsesTraits,
): readonly string[] {
  const dropped: string[] = [];
  const { temperature, topP, maxOutputTokens, stop = [], seed } = request;
  if (maxOutputTokens !== undefined) body['max_output_tokens'] = maxOutputTokens;
  if (temperature !== undefined && sampling) body['temperature'] = temperature;
  else if (temperature !== undefined) dropped.push('temperature');
  if (topP !== undefined && sampling) body['top_p'] = topP;
  else if (topP !== undefined) dropped.push('topP');
  if (stop.length > 0) dropped.push('stop');
  if (seed !== undefined) dropped.push('seed');
  return dropped;
}

function addTools(
  body: WireRecord,
  tools: readonly Tool[] = [],
  choice: ToolChoice | undefined,
  extra: unknown,
): void {
  const functions: unknown[] = tools.map(({ name, description, parameters }) => ({
    type: 'function',
    name,
    ...(description === undefined ? {} : { description }),
    parameters,
    // Left out it would be true, and a schema that leaves anything open would be refused.
    strict: false,
  }));
  const all = Array.isArray(extra) ? [...functions, ...(extra as unknown[])] : functions;
  if (all.length === 0) return;
  body['tools'] = all;
  if (choice !== undefined)
    body['tool_choice'] = typeof choice === 'string' ? choice : { type: 'function', name: choice.name };
}

function toFormat(format: ResponseFormat | undefined): WireRecord | undefined {
  if (format === undefined) return undefined;
  const { schema, name = 'answer' } = format;
  if (schema === undefined) return { type: 'json_object' };
  return { type: 'json_schema', name, schema, strict: isStrictSchema(schema) };
}
