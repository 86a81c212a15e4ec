import type { ChatRequest, JsonSchema, Tool, ToolChoice } from '../../request.ts';
import { alternateTurns } from '../alternate-turns.ts';
import { asRecord } from '../json-record.ts';
import { pairTools } from '../pair-tools.ts';
import { ToolIds } from '../tool-ids.ts';
import type { WireRequest } from '../wire-request.ts';
import { traitsOf, type GeminiTraits } from './gemini-traits.ts';
import { assistantParts, resultParts, userParts, type CallBook, type WirePart } from './to-parts.ts';

type WireRecord = Record<string, unknown>;

/** What the request is made for. */
export interface ToRequestOptions {
  /** The model that is asked where the request names none. It stands in the URL, not in the body. */
  readonly model: string;
  /** The provider's name: the key of its `providerOptions`. */
  readonly provider: string;
}

/** Keys of `providerOptions[provider]` that are sent, word for word, beside the messages. */
const bodyOptions: ReadonlySet<string> = new Set([
  'safetySettings',
  'cachedContent',
  'labels',
  'serviceTier',
]);

/** Keys of `providerOptions[provider]` that are sent, word for word, in `generationConfig`. */
const configOptions: ReadonlySet<string> = new Set([
  'topK',
  'presencePenalty',
  'frequencyPenalty',
  'responseSchema',
  'responseModalities',
  'responseLogprobs',
  'logprobs',
  'mediaResolution',
  'thinkingConfig',
  'speechConfig',
  'imageConfig',
]);

/**
 * A request as the body of `POST …:streamGenerateContent`, field by field.
 *
 * @throws KatamariError `invalid-input` for a part the protocol cannot carry.
 */
export function toRequest(request: ChatRequest, options: ToRequestOptions): WireRequest {
  const traits = traitsOf(request.model ?? options.model);
  const own = request.providerOptions?.[options.provider];
  const { contents, system } = toContents(request, traits);
  const body: WireRecord = { contents };
  if (system.length > 0) body['systemInstruction'] = { parts: system.map((text) => ({ text })) };
  addTools(body, request.tools, request.toolChoice, own?.['tools']);
  const { config, dropped } = toConfig(request, traits);
  const ignored: string[] = [];
  for (const [key, value] of Object.entries(own ?? {})) {
    if (value === undefined || key === 'tools') continue;
    if (bodyOptions.has(key)) body[key] = value;
    else if (configOptions.has(key)) config[key] = value;
    else ignored.push(key);
  }
  // Two schemas at once are refused; the caller's own word for it wins.
  if (config['responseSchema'] !== undefined) delete config['responseJsonSchema'];
  if (Object.keys(config).length > 0) body['generationConfig'] = config;
  return { body, ignored, dropped };
}

function toContents(
  request: ChatRequest,
  { needsSignature }: GeminiTraits,
): { contents: WireRecord[]; system: readonly string[] } {
  const book: CallBook = { ids: new ToolIds(), names: new Map(), needsSignature };
  const { system, turns } = alternateTurns<WirePart>(
    pairTools(request.messages),
    {
      text: (text) => ({ text }),
      parts: (message) => {
        if (message.role === 'user') return userParts(message);
        return message.role === 'assistant' ? assistantParts(message, book) : resultParts(message, book);
      },
    },
    false,
  );
  const contents = turns.map(({ role, parts }) => ({
    role: role === 'assistant' ? 'model' : 'user',
    parts: role === 'user' ? resultsFirst(parts) : parts,
  }));
  return { contents, system };
}

/** Responses stand together, in front of the pictures that came with them. */
function resultsFirst(parts: readonly WirePart[]): WirePart[] {
  return [...parts.filter(isResult), ...parts.filter((part) => !isResult(part))];
}

function addTools(
  body: WireRecord,
  tools: readonly Tool[] = [],
  choice: ToolChoice | undefined,
  extra: unknown,
): void {
  const functionDeclarations = tools.map(({ name, description, parameters }) => ({
    name,
    ...(description === undefined ? {} : { description }),
    // A function without parameters is declared by leaving them out.
    ...(Object.keys(asRecord(parameters['properties']) ?? {}).length === 0
      ? {}
      : { parametersJsonSchema: withoutDialect(parameters) }),
  }));
  const wire = functionDeclarations.length === 0 ? [] : [{ functionDeclarations }];
  const all = Array.isArray(extra) ? [...wire, ...(extra as unknown[])] : wire;
  if (all.length > 0) body['tools'] = all;
  if (wire.length > 0 && choice !== undefined)
    body['toolConfig'] = { functionCallingConfig: toCallingConfig(choice) };
}

const modes = { auto: 'AUTO', none: 'NONE', required: 'ANY' } as const;

function toCallingConfig(choice: ToolChoice): WireRecord {
  return typeof choice === 'string'
    ? { mode: modes[choice] }
    : { mode: 'ANY', allowedFunctionNames: [choice.name] };
}

function toConfig(
  request: ChatRequest,
  { thinking }: GeminiTraits,
): { config: WireRecord; dropped: readonly string[] } {
  const config: WireRecord = {};
  const { temperature, topP, maxOutputTokens, stop, seed, responseFormat } = request;
  if (temperature !== undefined) config['temperature'] = temperature;
  if (topP !== undefined) config['topP'] = topP;
  if (maxOutputTokens !== undefined) config['maxOutputTokens'] = maxOutputTokens;
  if (stop !== undefined && stop.length > 0) config['stopSequences'] = stop;
  if (seed !== undefined) config['seed'] = seed;
  if (responseFormat !== undefined) config['responseMimeType'] = 'application/json';
  if (responseFormat?.schema !== undefined)
    config['responseJsonSchema'] = withoutDialect(responseFormat.schema);
  const effort = request.reasoning?.effort;
  if (effort !== undefined && thinking !== undefined) config['thinkingConfig'] = thinking[effort];
  const isDropped = effort !== undefined && effort !== 'none' && thinking === undefined;
  return { config, dropped: isDropped ? ['reasoning.effort'] : [] };
}

/** `$schema` names the dialect and says nothing of the answer. */
function withoutDialect(schema: JsonSchema): JsonSchema {
  const { $schema: _dialect, ...rest } = schema;
  return rest;
}

function isResult(part: WirePart): boolean {
  return part['functionResponse'] !== undefined;
}
