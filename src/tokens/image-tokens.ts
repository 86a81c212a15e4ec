import type { ImagePart } from '../message.ts';

/*
 * OpenAI's tiles, as of GPT-4o and GPT-4.1 ("Calculating costs", guide "Images and vision"): 85 tokens at low detail; else the picture
 * is scaled into 2,048 × 2,048, then to a shorter side of 768 (never up), and costs 85 and 170 per tile of 512 × 512. Other vendors
 * count otherwise; for them this is an estimate.
 */
const lowDetail = 85;
const perTile = 170;
/** 768 × 2,048 in tiles of 512: two by four. The most the formula can give. */
const mostTiles = 8;

/** Tokens of a picture: by OpenAI's formula where its size is known, else the most that formula can give (1,445). */
export function imageTokens(image: ImagePart): number {
  if (image.detail === 'low') return lowDetail;
  return lowDetail + perTile * tilesOf(image.width, image.height);
}

function tilesOf(width: number | undefined, height: number | undefined): number {
  if (width === undefined || height === undefined || !(width > 0) || !(height > 0)) return mostTiles;
  const box = Math.min(1, 2048 / Math.max(width, height));
  const scale = box * Math.min(1, 768 / (Math.min(width, height) * box));
  const tiles = Math.ceil(rounded(width * scale) / 512) * Math.ceil(rounded(height * scale) / 512);
  return Number.isFinite(tiles) ? Math.min(mostTiles, tiles) : mostTiles;
}

/** Whole pixels: keeps a product such as 512.0000000001 from costing a tile more. */
function rounded(pixels: number): number {
  return Math.max(1, Math.round(pixels));
}
