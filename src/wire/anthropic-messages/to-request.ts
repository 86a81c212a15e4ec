import type { ChatRequest, ResponseFormat, Tool, ToolChoice } from '../../request.ts';
import { pairTools } from '../pair-tools.ts';
import { schemaText } from '../schema-text.ts';
import type { WireRequest } from '../wire-request.ts';
import { markCache } from './cache-marks.ts';
import { traitsOf, type ClaudeTraits } from './claude-traits.ts';
import { closedSchema } from './closed-schema.ts';
import { planThinking, type ThinkingPlan } from './thinking.ts';
import { textBlocks, type Block } from './to-blocks.ts';
import { toConversation, type WireConversation } from './to-messages.ts';

type WireRecord = Record<string, unknown>;

/** Who knows how long the answer of a model can be, for example the registry of `katamari/models`. */
export interface OutputBounds {
  /** The longest answer in tokens, `null` or nothing where it is not known. */
  find(model: string): { readonly maxOutput: number | null } | undefined;
}

/** What the request is made for. */
export interface ToRequestOptions {
  /** The model that is asked where the request names none. */
  readonly model: string;
  /** The provider's name: the key of its `providerOptions`. */
  readonly provider: string;
  /** The bound of the answer where the request names none, in tokens; the protocol demands one. @defaultValue what `models` knows, else 4096, and 16384 for models that think unasked */
  readonly maxOutputTokens?: number | undefined;
  /** @defaultValue nothing is known */
  readonly models?: OutputBounds | undefined;
  /** Whether the stable prefix is marked to be cached. @defaultValue true */
  readonly cache?: boolean | undefined;
}

/** Keys of `providerOptions[provider]` that are sent, word for word. */
const knownOptions: ReadonlySet<string> = new Set([
  'top_k',
  'metadata',
  'service_tier',
  'thinking',
  'output_config',
  'container',
  'inference_geo',
  'speed',
  'context_management',
  'mcp_servers',
]);

/**
 * A request as the body of `POST /v1/messages`, field by field.
 *
 * @throws KatamariError `invalid-input` for a part the protocol cannot carry.
 */
export function toRequest(request: ChatRequest, options: ToRequestOptions): WireRequest {
  const model = request.model ?? options.model;
  const traits = traitsOf(model);
  const own = request.providerOptions?.[options.provider];
  const conversation = toConversation(
    pairTools(request.messages),
    traits.prefill && !isThinkingAsked(request),
  );
  const format = toFormat(request.responseFormat, traits);
  if (request.responseFormat !== undefined && format === undefined) {
    conversation.system.push(...textBlocks(schemaText(request.responseFormat)));
  }
  const tools = toTools(request.tools, conversation);
  const isForced = tools.length > 0 && isForcing(request.toolChoice);
  const plan = planThinking(request.reasoning?.effort, traits, { messages: conversation.messages, isForced });
  if (options.cache !== false) markCache(conversation, tools);
  const body: WireRecord = { model, max_tokens: maxTokens(request, options, traits, plan) };
  if (conversation.system.length > 0) body['system'] = conversation.system;
  body['messages'] = conversation.messages;
  body['stream'] = true;
  addTools(body, tools, request, own);
  if (plan.thinking !== undefined) body['thinking'] = plan.thinking;
  const output = {
    ...(plan.effort === undefined ? {} : { effort: plan.effort }),
    ...(format === undefined ? {} : { format }),
  };
  if (Object.keys(output).length > 0) body['output_config'] = output;
  const dropped = addSampling(body, request, traits, plan);
  return { body, ignored: addOptions(body, own), dropped };
}

/** Room for thoughts comes on top of the answer's, but not beyond what the model can do at all: that is refused. */
function maxTokens(
  request: ChatRequest,
  options: ToRequestOptions,
  { thinking }: ClaudeTraits,
  { extraTokens }: ThinkingPlan,
): number {
  const most = options.models?.find(request.model ?? options.model)?.maxOutput;
  const unbound = thinking === 'default' || thinking === 'always' ? 16_384 : 4096;
  const bound = request.maxOutputTokens ?? options.maxOutputTokens ?? most ?? unbound;
  return Math.min(bound + extraTokens, Math.max(bound, most ?? Infinity));
}

function isThinkingAsked({ reasoning }: ChatRequest): boolean {
  return reasoning?.effort !== undefined && reasoning.effort !== 'none';
}

function isForcing(choice: ToolChoice | undefined): boolean {
  return choice === 'required' || typeof choice === 'object';
}

/** The schema as the model takes it; `undefined` where the form has to be asked for in words. */
function toFormat(format: ResponseFormat | undefined, { jsonSchema }: ClaudeTraits): WireRecord | undefined {
  const schema = format?.schema === undefined || !jsonSchema ? undefined : closedSchema(format.schema);
  return schema === undefined ? undefined : { type: 'json_schema', schema };
}

/** Tools that the conversation speaks of must be declared, also when none are to be used any more. */
function toTools(tools: readonly Tool[] | undefined, { messages }: WireConversation): Block[] {
  if (tools !== undefined && tools.length > 0) {
    return tools.map(({ name, description, parameters }) => ({
      name,
      ...(description === undefined ? {} : { description }),
      input_schema: parameters['type'] === undefined ? { type: 'object', ...parameters } : parameters,
    }));
  }
  const names = new Set<string>();
  for (const { content } of messages) {
    for (const block of content) if (block['type'] === 'tool_use') names.add(String(block['name']));
  }
  return Array.from(names, (name) => ({ name, input_schema: { type: 'object' } }));
}

function addTools(
  body: WireRecord,
  tools: Block[],
  request: ChatRequest,
  own: Readonly<WireRecord> | undefined,
): void {
  if (tools.length === 0) return;
  body['tools'] = tools;
  const isDeclaredOnly = (request.tools?.length ?? 0) === 0;
  const choice = isDeclaredOnly ? 'none' : request.toolChoice;
  const single = own?.['disable_parallel_tool_use'];
  if (choice === undefined && single === undefined) return;
  const wire = toToolChoice(choice ?? 'auto');
  if (single !== undefined && choice !== 'none') wire['disable_parallel_tool_use'] = single;
  body['tool_choice'] = wire;
}

function toToolChoice(choice: ToolChoice): WireRecord {
  if (typeof choice === 'object') return { type: 'tool', name: choice.name };
  return { type: choice === 'required' ? 'any' : choice };
}

/** Returns what was not sent, because the model or its thinking refuses it. */
function addSampling(
  body: WireRecord,
  request: ChatRequest,
  traits: ClaudeTraits,
  plan: ThinkingPlan,
): readonly string[] {
  const dropped: string[] = [];
  const { temperature, topP, stop = [], seed } = request;
  const isFixed =
    traits.sampling === 'none' ||
    plan.thinking?.['type'] === 'enabled' ||
    plan.thinking?.['type'] === 'adaptive';
  if (temperature !== undefined && isFixed) dropped.push('temperature');
  // Others count to 2, this protocol to 1.
  else if (temperature !== undefined) body['temperature'] = Math.min(temperature, 1);
  if (topP !== undefined && (isFixed || (temperature !== undefined && traits.sampling === 'one')))
    dropped.push('topP');
  else if (topP !== undefined) body['top_p'] = topP;
  const stops = stop.filter((text) => text.trim() !== '');
  if (stops.length > 0) body['stop_sequences'] = stops;
  if (stops.length < stop.length) dropped.push('stop');
  if (seed !== undefined) dropped.push('seed');
  if (plan.isDropped) dropped.push('reasoning.effort');
  return dropped;
}

function addOptions(body: WireRecord, own: Readonly<WireRecord> | undefined): readonly string[] {
  const ignored: string[] = [];
  for (const [key, value] of Object.entries(own ?? {})) {
    if (value === undefined || key === 'disable_parallel_tool_use') continue;
    if (knownOptions.has(key)) body[key] = value;
    else ignored.push(key);
  }
  return ignored;
}
