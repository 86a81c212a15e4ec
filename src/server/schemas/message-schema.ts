import { z } from 'zod';

/** Bounds of what a request may hold; the body as a whole has a bound of its own. */
const MAX_MESSAGES = 10_000;
const MAX_TOOLS = 512;

const name = z.string().min(1).max(256);
const text = z.string();
const providerData = z.record(z.string(), z.unknown());

const textPart = z.strictObject({ type: z.literal('text'), text });
const imagePart = z.strictObject({
  type: z.literal('image'),
  image: text.describe('An https: URL, a data: URL, or plain base64 (then mediaType is needed).'),
  mediaType: name.exactOptional(),
  detail: z.enum(['auto', 'low', 'high']).exactOptional(),
  width: z.int().positive().exactOptional(),
  height: z.int().positive().exactOptional(),
});
const filePart = z.strictObject({
  type: z.literal('file'),
  data: text.describe('An https: URL, a data: URL, or plain base64.'),
  mediaType: name,
  filename: name.exactOptional(),
});
const reasoningPart = z.strictObject({
  type: z.literal('reasoning'),
  text,
  providerData: providerData.exactOptional(),
});

const media = z.array(z.discriminatedUnion('type', [textPart, imagePart, filePart]));
const base = { pinned: z.boolean().exactOptional(), name: name.exactOptional() };

/** A call of a tool, as a model asked for it. */
export const toolCallSchema = z.strictObject({
  id: z.string().max(1024),
  name,
  arguments: text.describe('JSON text, exactly as the model wrote it.'),
  providerData: providerData.exactOptional(),
});

/** What the model said. */
export const assistantMessageSchema = z.strictObject({
  role: z.literal('assistant'),
  content: z.union([text, z.array(z.discriminatedUnion('type', [textPart, reasoningPart]))]),
  toolCalls: z.array(toolCallSchema).max(MAX_TOOLS).exactOptional(),
  ...base,
});

/** One message of a conversation. */
export const messageSchema = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: text, ...base }),
  z.strictObject({ role: z.literal('user'), content: z.union([text, media]), ...base }),
  assistantMessageSchema,
  z.strictObject({
    role: z.literal('tool'),
    toolCallId: z.string().max(1024),
    content: z.union([text, media]),
    isError: z.boolean().exactOptional(),
    ...base,
  }),
]);

/** A conversation. */
export const messagesSchema = z.array(messageSchema).min(1).max(MAX_MESSAGES);

/** A tool that the model may ask for. */
const toolSchema = z.strictObject({
  name,
  description: text.exactOptional(),
  parameters: z.record(z.string(), z.unknown()).describe('A JSON Schema of an object.'),
});

/** The tools of a request. */
export const toolsSchema = z.array(toolSchema).max(MAX_TOOLS);

/** Which tool the model may, must or must not use. */
export const toolChoiceSchema = z.union([z.enum(['auto', 'none', 'required']), z.strictObject({ name })]);

/** The form of the answer. */
export const responseFormatSchema = z.strictObject({
  type: z.literal('json'),
  schema: z.record(z.string(), z.unknown()).exactOptional(),
  name: name.exactOptional(),
});
