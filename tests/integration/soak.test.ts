import { describe, expect, it } from 'vitest';

import { runSoak } from '../soak/run-soak.ts';
import { soundness } from '../soak/verdicts.ts';

describe('a short soak', () => {
  it('loses, doubles and leaks nothing: 50 readers that drop and resume over a provider that cuts, stalls and rate-limits', async () => {
    const result = await runSoak({
      readers: 50,
      seconds: 4,
      seed: 7,
      tokens: 20,
      paceMs: 50,
      firstTokenMs: 20,
      retryMs: 100,
    });
    // Memory has to be watched for longer: `npm run test:soak`.
    const missed = soundness(result).filter(
      ({ ok, what }) => ok === false && !what.startsWith('live memory'),
    );
    expect(missed).toEqual([]);
    expect(result.readers.drops).toBeGreaterThan(0);
    expect(result.provider.cut + result.provider.stall + result.provider.limit).toBeGreaterThan(0);
  }, 60_000);
});
