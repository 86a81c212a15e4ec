import { describe, expect, it } from 'vitest';

import type { FilePart, ImagePart } from '../../../src/message.ts';
import { countRequest, mediaOf } from '../../../src/tokens/index.ts';
import { loadCosts } from '../../../src/trim/costs-of.ts';

const picture = (width?: number, height?: number, detail?: ImagePart['detail']): ImagePart => ({
  type: 'image',
  image: 'https://example.com/a.png',
  ...(width !== undefined && height !== undefined && { width, height }),
  ...(detail !== undefined && { detail }),
});
const pdf = (text: string): FilePart => ({
  type: 'file',
  mediaType: 'application/pdf',
  data: Buffer.from(text).toString('base64'),
});

describe('what a picture costs', () => {
  // Examples of the vendors' own pages, and the limits they name.
  it.each<[string, ImagePart, number]>([
    ['gpt-4o', picture(1024, 1024), 765],
    ['openai/gpt-4.1-2025-04-14', picture(2048, 4096), 1105],
    ['gpt-4o', picture(4096, 8192, 'low'), 85],
    ['gpt-5', picture(1024, 1024), 70 + 4 * 140],
    ['o3', picture(512, 512), 75 + 150],
    ['ft:gpt-4o-mini:acme::1', picture(512, 512), 2833 + 5667],
    ['gpt-4.1-mini', picture(1024, 1024), Math.ceil(1024 * 1.62)],
    ['gpt-5-mini', picture(4000, 4000), Math.ceil(1536 * 1.62)],
    ['gpt-5-nano', picture(32, 33), Math.ceil(2 * 2.46)],
    ['o4-mini', picture(), Math.ceil(1536 * 1.72)],
    ['claude-sonnet-4-5-20250929', picture(1000, 1000), 36 * 36],
    ['claude-sonnet-4-5', picture(8000, 8000), 1568],
    ['anthropic/claude-sonnet-4-20250514', picture(3136, 100), 56 * 2],
    ['claude-opus-4-7', picture(8000, 8000), 4784],
    ['anthropic.claude-3-5-sonnet-20241022-v2:0', picture(), 1568],
    ['claude-opus-5', picture(), 4784],
    ['gemini-2.5-flash', picture(384, 384), 258],
    ['gemini-2.5-flash', picture(960, 540), 6 * 258],
    ['google/gemini-2.0-flash', picture(), 6 * 258],
    ['gemini-3-pro', picture(960, 540), 1120],
    ['some-model', picture(1024, 1024), 765],
  ])('%s %o', (model, image, tokens) => {
    expect(mediaOf(model).image(image)).toBe(tokens);
  });

  it('is never below nothing, nor above the most the vendor names', () => {
    for (const model of ['gpt-4o', 'gpt-5-mini', 'claude-sonnet-4-5', 'claude-opus-4-7', 'gemini-3-pro'])
      for (const [width, height] of [
        [1, 1],
        [1, 100_000],
        [Number.NaN, 5],
        [Infinity, 5],
        [-3, 5],
        [0, 0],
      ] as const) {
        const tokens = mediaOf(model).image(picture(width, height));
        expect(tokens).toBeGreaterThan(0);
        expect(tokens).toBeLessThanOrEqual(mediaOf(model).image(picture()));
      }
  });
});

describe('what a file costs', () => {
  const pages = pdf(
    '%PDF-1.4 << /Type /Pages /Count 3 >> << /Type /Page >> << /Type /Page >> << /Type /Page >>',
  );

  it.each([
    ['gemini-2.5-pro', 3 * 258],
    ['gemini-3-flash', 3 * 560],
    ['claude-sonnet-4-5', 3 * (3000 + 1568)],
    ['gpt-5', 3 * 3000],
    ['some-model', 3 * 3000],
  ])('%s by its pages', (model, tokens) => {
    expect(mediaOf(model).file(pages)).toBe(tokens);
    expect(mediaOf(model).file({ ...pages, data: `data:application/pdf;base64,${pages.data}` })).toBe(tokens);
  });

  it('goes by the size where no pages are found, and by one page where nothing is seen', () => {
    const { file } = mediaOf('gemini-2.5-pro');
    expect(file({ ...pages, data: 'not base64 at all!' })).toBeGreaterThan(0);
    expect(file(pdf('x'.repeat(48_000)))).toBe(2 * 258);
    expect(file({ ...pages, data: 'https://example.com/a.pdf' })).toBe(258);
  });
});

describe('the use of tools', () => {
  const request = { messages: [], tools: [{ name: 'look', parameters: { type: 'object' } }] };

  it('has a price of its own with Claude, and none without tools', () => {
    const counter = { name: 'characters', exact: true, count: (text: string) => text.length };
    const [claude, openAi] = [mediaOf('claude-sonnet-4-5'), mediaOf('gpt-5')];
    expect(countRequest(request, counter, claude) - countRequest(request, counter, openAi)).toBe(589 - 12);
    expect(countRequest({ messages: [] }, counter, claude)).toBe(3);
  });

  it.each([
    ['claude-3-opus-20240229', 530],
    ['claude-opus-4-20250514', 315],
    ['claude-opus-4-7', 804],
    ['anthropic/claude-sonnet-5', 474],
    ['claude-opus-9', 804],
    ['gpt-5', 12],
  ])('is that of %s', (model, tokens) => {
    expect(mediaOf(model).toolUse).toBe(tokens);
  });

  it('is what a trim goes by, for the model that is asked', async () => {
    const message = { role: 'user', content: [picture(4000, 3000)] } as const;
    const sizes = await Promise.all(
      ['gpt-5-mini', 'claude-opus-4-7', 'gemini-3-pro'].map(async (model) =>
        (await loadCosts(model)).message(message),
      ),
    );
    expect(sizes).toEqual([4 + Math.ceil(1536 * 1.62), 4 + 4784, 4 + 1120]);
  });
});
