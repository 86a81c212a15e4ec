import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { fitsWindow, models, type ModelEntry } from '../../../src/models/index.ts';

const gpt = models.find('gpt-5-mini') as ModelEntry;
const gpt4o = models.find('gpt-4o') as ModelEntry;

describe('fitsWindow', () => {
  it('counts the prompt and what is reserved for the answer', () => {
    expect(fitsWindow(gpt4o, 120_000, 8000)).toEqual({ fits: true, contextWindow: 128_000, needed: 128_000 });
    expect(fitsWindow(gpt4o, 120_001, 8000)).toEqual({
      fits: false,
      contextWindow: 128_000,
      needed: 128_001,
    });
    expect(fitsWindow(gpt4o, 128_000)).toEqual({ fits: true, contextWindow: 128_000, needed: 128_000 });
  });

  it('keeps to the longest prompt and the longest answer', () => {
    expect(fitsWindow(gpt, 272_000, 128_000).fits).toBe(true);
    expect(fitsWindow(gpt, 272_001).fits).toBe(false);
    expect(fitsWindow(gpt, 1, 128_001).fits).toBe(false);
  });

  it('says null where the window is not known, and still false where something else does not fit', () => {
    const { maxInput: _, ...rest } = gpt;
    expect(fitsWindow({ ...rest, contextWindow: null }, 10)).toEqual({
      fits: null,
      contextWindow: null,
      needed: 10,
    });
    expect(fitsWindow({ ...rest, contextWindow: null }, 10, 128_001).fits).toBe(false);
    expect(fitsWindow({ ...rest, maxOutput: null }, 10, 399_990).fits).toBe(true);
  });

  it.each([NaN, -1, Infinity])('refuses a count of %s', (wrong) => {
    expect(() => fitsWindow(gpt, wrong)).toThrow(/^tokensIn is .* Give a number of tokens/);
    expect(() => fitsWindow(gpt, 1, wrong)).toThrow(/^maxOutputTokens is /);
  });

  it('fits less where it fits more', () => {
    const anyEntry = fc.constantFrom(...models.entries);
    const count = fc.nat({ max: 1_500_000 });
    fc.assert(
      fc.property(anyEntry, count, count, count, (entry, prompt, answer, less) => {
        fc.pre(fitsWindow(entry, prompt, answer).fits === true);
        expect(fitsWindow(entry, Math.max(0, prompt - less), answer).fits).toBe(true);
        expect(fitsWindow(entry, prompt, Math.max(0, answer - less)).fits).toBe(true);
      }),
    );
  });
});
