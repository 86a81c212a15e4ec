import { claudeVersion, type ClaudeVersion } from './claude-version.ts';
import { claudeImageTokens, geminiImageTokens, imageTokens, patchTokens } from './image-tokens.ts';
import { fileTokens, plainMedia, type MediaTokens } from './media-tokens.ts';

/**
 * Claude's prompt for the use of tools, in tokens, by version: the larger of the documented values for `tool_choice` auto and any. From "Tool use with
 * Claude", "Pricing" (https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview), read in November 2026; the page named 346 for all of
 * Claude 4 until the middle of that year. For versions that it does not name the largest of them.
 */
const claudeToolUse: Readonly<Record<string, number>> = {
  '3.0': 530,
  '3.5': 355,
  '3.7': 346,
  '4.0': 315,
  '4.1': 315,
  '4.5': 589,
  '4.6': 589,
  '4.7': 804,
  '4.8': 410,
  '5.0': 474,
};
const mostClaudeToolUse = 804;
/** Text of a page of PDF, "typically" 1,500 to 3,000 tokens; its picture is added. "PDF support", "Estimate your costs": https://platform.claude.com/docs/en/build-with-claude/pdf-support */
const claudePageText = 3000;
/** "Each document page is equivalent to 258 tokens", of Gemini up to 2.5: https://ai.google.dev/gemini-api/docs/document-processing */
const geminiPage = 258;
/** The resolutions that Gemini 3 takes by default, high for pictures and medium for pages: https://ai.google.dev/gemini-api/docs/media-resolution */
const gemini3 = { image: 1120, page: 560 } as const;
/**
 * A page of PDF with OpenAI is its text and a picture of it (https://platform.openai.com/docs/guides/pdf-files); how large the two are is
 * not documented: this is an estimate.
 */
const openAiPage = 3000;

/**
 * OpenAI's prices of a base and a tile, and factors of patches, by how models' ids begin; the first match holds. From "Images and vision", "Calculating
 * costs": https://platform.openai.com/docs/guides/images-vision
 */
const openAi: readonly (readonly [RegExp, MediaTokens['image']])[] = [
  [/^(?:gpt-5[.\d]*-mini|gpt-4\.1-mini)/u, (image) => patchTokens(image, 1.62)],
  [/^(?:gpt-5[.\d]*-nano|gpt-4\.1-nano)/u, (image) => patchTokens(image, 2.46)],
  [/^o4-mini/u, (image) => patchTokens(image, 1.72)],
  [/^gpt-4o-mini/u, (image) => imageTokens(image, { base: 2833, tile: 5667 })],
  [/^gpt-5(?:-|$)/u, (image) => imageTokens(image, { base: 70, tile: 140 })],
  [/^o[13](?:-|$)/u, (image) => imageTokens(image, { base: 75, tile: 150 })],
  [/^(?:gpt-4o|gpt-4\.[15]|chatgpt-4o|gpt-4-)/u, (image) => imageTokens(image)],
];

/**
 * What pictures, files and tools cost with a model, as its vendor documents it. Where nothing is documented (other vendors, and models of
 * OpenAI after GPT-5) it is an estimate: the formula of GPT-4o, and 3,000 tokens a page.
 *
 * @param model - its id, a vendor's prefix left out: `claude-sonnet-5`, `google/gemini-3-pro`
 */
export function mediaOf(model: string): MediaTokens {
  const id = model.toLowerCase().replace(/^.*\//u, '').replace(/^ft:/u, '');
  const ofClaude = claudeVersion(id);
  if (ofClaude !== undefined) return claude(ofClaude);
  if (id.startsWith('gemini')) return gemini(id);
  const image = openAi.find(([pattern]) => pattern.test(id))?.[1];
  return image === undefined
    ? plainMedia
    : { ...plainMedia, image, file: (file) => fileTokens(file, openAiPage) };
}

function claude({ version, isNew }: ClaudeVersion): MediaTokens {
  const limit = isNew ? { edge: 2576, tokens: 4784 } : { edge: 1568, tokens: 1568 };
  return {
    image: (image) => claudeImageTokens(image, limit),
    file: (file) => fileTokens(file, claudePageText + limit.tokens),
    toolUse: claudeToolUse[version] ?? mostClaudeToolUse,
  };
}

function gemini(id: string): MediaTokens {
  const isOld = /^gemini-(?:1|2)/u.test(id);
  return {
    ...plainMedia,
    image: isOld ? geminiImageTokens : () => gemini3.image,
    file: (file) => fileTokens(file, isOld ? geminiPage : gemini3.page),
  };
}
