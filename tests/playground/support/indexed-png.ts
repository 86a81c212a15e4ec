import { crc32, deflateSync } from 'node:zlib';

import type { Page } from 'playwright-core';

/** A picture of few colours: a palette of RGB triples, and for every pixel its place in it. */
interface Indexed {
  readonly width: number;
  readonly height: number;
  readonly palette: readonly number[];
  /** Base64, a byte a pixel. */
  readonly pixels: string;
}

/** The picture with its 256 commonest colours, a third as large: a screen has few colours, and a browser packs it as if it had all. */
export async function indexedPng(page: Page, png: Buffer): Promise<Buffer> {
  const { width, height, palette, pixels } = await page.evaluate(reduceColours, png.toString('base64'));
  const rows = Buffer.from(pixels, 'base64');
  const scanlines = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) rows.copy(scanlines, y * (width + 1) + 1, y * width, (y + 1) * width);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette)),
    chunk('IDAT', deflateSync(scanlines, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Runs in the page. */
async function reduceColours(base64: string): Promise<Indexed> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d');
  context?.drawImage(bitmap, 0, 0);
  const rgba = context?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
  const colours = new Uint32Array(width * height);
  const counts = new Map<number, number>();
  for (let at = 0; at < colours.length; at++) {
    const [red = 0, green = 0, blue = 0] = rgba.subarray(at * 4, at * 4 + 3);
    const colour = red * 65_536 + green * 256 + blue;
    colours[at] = colour;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const split = (colour: number): number[] => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const commonest = [...counts].toSorted((a, b) => b[1] - a[1]).slice(0, 256);
  const palette = commonest.map(([colour]) => split(colour));
  const places = new Map<number, number>();
  for (const colour of counts.keys()) {
    const [red = 0, green = 0, blue = 0] = split(colour);
    const distances = palette.map(
      ([r = 0, g = 0, b = 0]) => (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2,
    );
    places.set(colour, distances.indexOf(Math.min(...distances)));
  }
  let pixels = '';
  for (const colour of colours) pixels += String.fromCharCode(places.get(colour) ?? 0);
  return { width, height, palette: palette.flat(), pixels: btoa(pixels) };
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}
