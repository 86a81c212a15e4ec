import { claudeImageTokens, geminiImageTokens, imageTokens, patchTokens } from './image-tokens.ts';
import { fileTokens, plainMedia, type MediaTokens } from './media-tokens.ts';

/**
 * Claude's prompt for the use of tools, in tokens: 346 for most models with `tool_choice` auto, the larger of the two documented values
 * ("Tool use with Claude", "Pricing": https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview). Models before 3.7 have other
 * numbers, from 159 to 530.
 */
const claudeToolUse = 346;
/** Text of a page of PDF, 1,500 to 3,000 tokens ("PDF support": https://platform.claude.com/docs/en/build-with-claude/pdf-support); its picture is added. */
const claudePageText = 3000;
/** Documented for a page with Gemini up to 2.5: https://ai.google.dev/gemini-api/docs/document-processing */
const geminiPage = 258;
/** Defaults of Gemini 3: https://ai.google.dev/gemini-api/docs/media-resolution */
const gemini3 = { image: 1120, page: 560 } as const;
/**
 * A page of PDF with OpenAI is its text and a picture of it (https://platform.openai.com/docs/guides/pdf-files); how large the two are is
 * not documented: this is an estimate.
 */
const openAiPage = 3000;

/** OpenAI's prices of a base and a tile, and factors of patches, by how models' ids begin; the first match holds. */
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
  if (id.includes('claude')) return claude(id);
  if (id.startsWith('gemini')) return gemini(id);
  const image = openAi.find(([pattern]) => pattern.test(id))?.[1];
  return image === undefined
    ? plainMedia
    : { ...plainMedia, image, file: (file) => fileTokens(file, openAiPage) };
}

function claude(id: string): MediaTokens {
  const [, major = '', minor = '0'] = /-(\d)(?:[-.](\d)(?!\d))?(?=-|@|$)/u.exec(id) ?? [];
  // From Opus 4.7 on; an id without a number is taken for a new one.
  const isLarge = major === '' || Number(major) > 4 || (Number(major) === 4 && Number(minor) >= 7);
  const limit = isLarge ? { edge: 2576, tokens: 4784 } : { edge: 1568, tokens: 1568 };
  return {
    image: (image) => claudeImageTokens(image, limit),
    file: (file) => fileTokens(file, claudePageText + limit.tokens),
    toolUse: claudeToolUse,
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
