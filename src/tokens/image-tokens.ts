import type { ImagePart } from '../message.ts';

/** How OpenAI's models with tiles count: a base, and a price for each tile of 512 × 512. */
export interface TileCost {
  readonly base: number;
  readonly tile: number;
}

/** GPT-4o, GPT-4.1 and GPT-4.5. */
const gpt4o: TileCost = { base: 85, tile: 170 };
/** 768 × 2,048 in tiles of 512: two by four. The most the formula can give. */
const mostTiles = 8;
/** The most patches that a picture of OpenAI's models with patches has; larger ones are scaled down. */
const mostPatches = 1536;

/**
 * Tokens of a picture for models with tiles: at low detail the base; else the picture is scaled into 2,048 × 2,048, then to a shorter side of
 * 768 (never up), and costs the base and a price for each tile. Without a size: the most the formula can give (1,445 for GPT-4o).
 *
 * From OpenAI's guide "Images and vision", "Calculating costs": https://platform.openai.com/docs/guides/images-vision
 *
 * @param cost - the model's. @defaultValue that of GPT-4o
 */
export function imageTokens(image: ImagePart, cost: TileCost = gpt4o): number {
  if (image.detail === 'low') return cost.base;
  return cost.base + cost.tile * tilesOf(image);
}

/**
 * Tokens of a picture for models with patches: as many as patches of 32 × 32 cover it, 1,536 at most, times a factor of the model. From the
 * same page as {@link imageTokens}.
 */
export function patchTokens(image: ImagePart, factor: number): number {
  const size = sizeOf(image);
  if (size === undefined) return Math.ceil(mostPatches * factor);
  return Math.ceil(patches(size, 32, mostPatches) * factor);
}

/** How large a picture may be before Claude scales it down. */
export interface ClaudeLimit {
  /** Of the longer side, in pixels. */
  readonly edge: number;
  readonly tokens: number;
}

/**
 * Tokens of a picture for Claude: one for each patch of 28 × 28 that covers it, after it was scaled down to a longer side and a number of
 * tokens that depend on the model. The older formula, width × height / 750, gives as much within 5 %.
 *
 * From "Images and vision": https://platform.claude.com/docs/en/build-with-claude/vision
 */
export function claudeImageTokens(image: ImagePart, limit: ClaudeLimit): number {
  const size = sizeOf(image);
  if (size === undefined) return limit.tokens;
  const scale = Math.min(1, limit.edge / Math.max(...size));
  return patches([size[0] * scale, size[1] * scale], 28, limit.tokens);
}

/**
 * Tokens of a picture for Gemini up to 2.5: 258 where both sides are 384 pixels or less; else 258 for each tile, of a size of two thirds of
 * the shorter side, 256 to 768 pixels. Without a size: six tiles, those of a picture of 3 × 2.
 *
 * From "Image understanding", "Calculate tokens": https://ai.google.dev/gemini-api/docs/image-understanding
 */
export function geminiImageTokens(image: ImagePart): number {
  const size = sizeOf(image);
  if (size === undefined) return 6 * 258;
  const [width, height] = size;
  if (width <= 384 && height <= 384) return 258;
  const unit = Math.min(768, Math.max(256, Math.floor(Math.min(width, height) / 1.5)));
  return 258 * Math.ceil(width / unit) * Math.ceil(height / unit);
}

type Size = readonly [width: number, height: number];

function sizeOf({ width, height }: ImagePart): Size | undefined {
  const isKnown = width !== undefined && height !== undefined && width > 0 && height > 0;
  return isKnown && Number.isFinite(width * height) ? [width, height] : undefined;
}

/** How many patches cover a picture that is scaled down until there are no more than `most`. */
function patches([width, height]: Size, side: number, most: number): number {
  const count = Math.ceil(rounded(width) / side) * Math.ceil(rounded(height) / side);
  return Math.min(most, count);
}

function tilesOf(image: ImagePart): number {
  const size = sizeOf(image);
  if (size === undefined) return mostTiles;
  const [width, height] = size;
  const box = Math.min(1, 2048 / Math.max(width, height));
  const scale = box * Math.min(1, 768 / (Math.min(width, height) * box));
  const tiles = Math.ceil(rounded(width * scale) / 512) * Math.ceil(rounded(height * scale) / 512);
  return Math.min(mostTiles, tiles);
}

/** Whole pixels: keeps a product such as 512.0000000001 from costing a tile more. */
function rounded(pixels: number): number {
  return Math.max(1, Math.round(pixels));
}
