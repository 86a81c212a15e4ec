import type { Message } from '../../message.ts';
import type { ChatRequest, JsonSchema, ResponseFormat, Tool, ToolChoice } from '../../request.ts';
import { pairTools } from '../pair-tools.ts';
import { isStrictSchema } from '../strict-schema.ts';
import { commonOptions, type OpenaiChatDialect } from './dialect.ts';
import { toWireMessages } from './to-message.ts';

type WireRecord = Record<string, unknown>;

/** What the request is made for. */
export interface ToRequestOptions {
  /** The model that is asked where the request names none. */
  readonly model: string;
  /** The provider's name: the key of its `providerOptions`. */
  readonly provider: string;
  readonly dialect: OpenaiChatDialect;
}

/** A wire body, and what could not be said in it. */
export interface WireRequest {
  readonly body: Readonly<WireRecord>;
  /** Keys of `providerOptions[provider]` that are not on the list and were not sent. */
  readonly ignored: readonly string[];
}

/**
 * A request as the body of `POST /chat/completions`, field by field.
 *
 * @throws KatamariError `invalid-input` for a part the protocol cannot carry.
 */
export function toRequest(request: ChatRequest, options: ToRequestOptions): WireRequest {
  const { dialect, provider } = options;
  const messages = withSchemaText(pairTools(request.messages), request.responseFormat, dialect);
  const body: WireRecord = {
    model: request.model ?? options.model,
    messages: toWireMessages(messages, dialect),
    stream: true,
  };
  if (dialect.streamUsage !== false) body['stream_options'] = { include_usage: true };
  addSampling(body, request, dialect);
  addTools(body, request.tools, request.toolChoice);
  const format = toResponseFormat(request.responseFormat, dialect);
  if (format !== undefined) body['response_format'] = format;
  addReasoning(body, request, dialect);
  return { body, ignored: addOptions(body, request.providerOptions?.[provider], dialect) };
}

function addSampling(body: WireRecord, request: ChatRequest, dialect: OpenaiChatDialect): void {
  if (request.maxOutputTokens !== undefined)
    body[dialect.maxTokensField ?? 'max_tokens'] = request.maxOutputTokens;
  if (request.temperature !== undefined) body['temperature'] = request.temperature;
  if (request.topP !== undefined) body['top_p'] = request.topP;
  if (request.stop !== undefined && request.stop.length > 0) body['stop'] = request.stop;
  if (request.seed !== undefined) body[dialect.seedField ?? 'seed'] = request.seed;
}

/** `tool_choice` without tools is refused, so it is sent only beside them. */
function addTools(
  body: WireRecord,
  tools: readonly Tool[] | undefined,
  choice: ToolChoice | undefined,
): void {
  if (tools === undefined || tools.length === 0) return;
  body['tools'] = tools.map(({ name, description, parameters }) => ({
    type: 'function',
    function: description === undefined ? { name, parameters } : { name, description, parameters },
  }));
  if (choice === undefined) return;
  body['tool_choice'] =
    typeof choice === 'string' ? choice : { type: 'function', function: { name: choice.name } };
}

function toResponseFormat(
  format: ResponseFormat | undefined,
  dialect: OpenaiChatDialect,
): WireRecord | undefined {
  if (format === undefined) return undefined;
  const { schema, name = 'answer' } = format;
  if (schema === undefined || dialect.jsonSchema === false) return { type: 'json_object' };
  // Without `strict` the schema is advice; with it a schema that leaves anything open is refused.
  const json = isStrictSchema(schema) ? { name, strict: true, schema } : { name, schema };
  return { type: 'json_schema', json_schema: json };
}

/** A host that knows only «some JSON object» is told the schema in words, behind the leading system messages. */
function withSchemaText(
  messages: readonly Message[],
  format: ResponseFormat | undefined,
  dialect: OpenaiChatDialect,
): readonly Message[] {
  if (format?.schema === undefined || dialect.jsonSchema !== false) return messages;
  const first = messages.findIndex((message) => message.role !== 'system');
  const at = first === -1 ? messages.length : first;
  return [...messages.slice(0, at), schemaMessage(format.schema), ...messages.slice(at)];
}

function schemaMessage(schema: JsonSchema): Message {
  return {
    role: 'system',
    content: `Answer with one JSON object, and nothing else, that matches this JSON Schema:\n${JSON.stringify(schema)}`,
  };
}

function addReasoning(body: WireRecord, request: ChatRequest, dialect: OpenaiChatDialect): void {
  const effort = request.reasoning?.effort;
  if (effort === undefined) return;
  switch (dialect.reasoning ?? 'reasoning_effort') {
    case 'reasoning_effort':
      body['reasoning_effort'] = effort;
      break;
    case 'reasoning-object':
      body['reasoning'] = { effort };
      break;
    case 'enable_thinking':
      body['enable_thinking'] = effort !== 'none';
      break;
    case 'thinking-object':
      body['thinking'] = { type: effort === 'none' ? 'disabled' : 'enabled' };
      break;
    case 'none':
      break;
  }
}

function addOptions(
  body: WireRecord,
  options: Readonly<WireRecord> | undefined,
  dialect: OpenaiChatDialect,
): readonly string[] {
  const ignored: string[] = [];
  for (const [key, value] of Object.entries(options ?? {})) {
    if (value === undefined) continue;
    if (commonOptions.includes(key) || dialect.options?.includes(key) === true) body[key] = value;
    else ignored.push(key);
  }
  return ignored;
}
