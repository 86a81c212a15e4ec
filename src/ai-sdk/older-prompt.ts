import { KatamariError } from '../errors.ts';
import type {
  AiSdkModel,
  FilePromptPart,
  PromptMessage,
  TextPromptPart,
  ToolOutput,
} from './language-model.ts';

/**
 * The prompt for a model of an older version. They differ in files alone: a URL or base64 stands in a part untagged, and in the result of a tool
 * a file has another name.
 *
 * @throws KatamariError `invalid-input` for a URL in the result of a tool, which version 2 cannot carry.
 */
export function olderPrompt(
  prompt: readonly PromptMessage[],
  version: AiSdkModel['specificationVersion'],
): readonly unknown[] {
  if (version === 'v4') return prompt;
  return prompt.map((message) => {
    if (message.role === 'user') return { ...message, content: message.content.map(olderPart) };
    if (message.role !== 'tool') return message;
    const content = message.content.map((part) => ({ ...part, output: olderOutput(part.output, version) }));
    return { ...message, content };
  });
}

function olderPart(part: TextPromptPart | FilePromptPart): unknown {
  if (part.type === 'text') return part;
  return { ...part, data: part.data.type === 'url' ? part.data.url : part.data.data };
}

function olderOutput(output: ToolOutput, version: 'v3' | 'v2'): unknown {
  if (output.type !== 'content') return output;
  return {
    ...output,
    value: output.value.map((part) => (part.type === 'text' ? part : resultFile(part, version))),
  };
}

function resultFile({ data, mediaType, filename }: FilePromptPart, version: 'v3' | 'v2'): unknown {
  if (data.type === 'data') {
    if (version === 'v2') return { type: 'media', data: data.data, mediaType };
    return { type: 'file-data', data: data.data, mediaType, ...(filename === undefined ? {} : { filename }) };
  }
  if (version === 'v3') return { type: 'file-url', url: data.url.href };
  throw new KatamariError(
    'invalid-input',
    'This model takes no URLs in the result of a tool: pass the bytes as base64 with their mediaType.',
  );
}
