import cl100k from 'gpt-tokenizer/bpeRanks/cl100k_base';
import o200k from 'gpt-tokenizer/bpeRanks/o200k_base';
import { describe, expect, it } from 'vitest';

import { packed as packedCl100k } from '../../../src/tokens/tables/cl100k-base.ts';
import { packed as packedO200k } from '../../../src/tokens/tables/o200k-base.ts';
import { noRank, TokenTable } from '../../../src/tokens/token-table.ts';

const tables = [
  ['o200k_base', packedO200k, o200k],
  ['cl100k_base', packedCl100k, cl100k],
] as const;

describe.each(tables)('the table of %s', (_, packed, ranks) => {
  const table = new TokenTable(Buffer.from(packed, 'base64'));
  const bytesOf = (token: string | readonly number[] | undefined): Uint8Array => Buffer.from(token ?? []);

  it('has every token of the published one at its rank, and so is not stale', () => {
    const wrong = ranks.findIndex((token, rank) => {
      const bytes = bytesOf(token);
      return table.rankOf(bytes, 0, bytes.length) !== rank;
    });
    expect(wrong).toBe(-1);
    expect(ranks.length).toBeGreaterThan(100_000);
  });

  it('knows the tokens of two bytes by their numbers', () => {
    const pairs = ranks.map(bytesOf).filter((bytes) => bytes.length === 2);
    expect(pairs.length).toBeGreaterThan(1000);
    const wrong = pairs.filter(
      (bytes) => table.rankOfPair(bytes[0] ?? 0, bytes[1] ?? 0) !== table.rankOf(bytes, 0, 2),
    );
    expect(wrong).toEqual([]);
  });

  it('finds nothing where there is nothing', () => {
    const bytes = Buffer.from('this is not a token of any encoding, 何でもない');
    expect(table.rankOf(bytes, 0, bytes.length)).toBe(noRank);
    expect(table.rankOf(bytes, 3, 3)).toBe(noRank);
    expect(table.rankOf(Buffer.alloc(600, 97), 0, 600)).toBe(noRank);
  });
});
