import { checkMaker, type ConformanceCheck, type WireKit } from '../check.ts';
import { expectThat } from '../expect-equal.ts';
import { sendJson } from '../send.ts';
import { readRefusal } from './read-refusal.ts';

/** Headers, and the wait in milliseconds that they ask for: at least, at most. */
const waits: readonly (readonly [
  what: string,
  headers: () => Record<string, string>,
  from: number | undefined,
  to?: number,
])[] = [
  ['whole seconds', () => ({ 'retry-after': '7' }), 7000],
  ['zero', () => ({ 'retry-after': '0' }), 0],
  ['a fraction of a second', () => ({ 'retry-after': '1.5' }), 1500],
  ['milliseconds', () => ({ 'retry-after-ms': '250' }), 250],
  ['seconds and milliseconds: the longer wait', () => ({ 'retry-after': '2', 'retry-after-ms': '0' }), 2000],
  ['a date', () => ({ 'retry-after': new Date(Date.now() + 20_000).toUTCString() }), 10_000, 20_000],
  ['a date in the past', () => ({ 'retry-after': 'Wed, 21 Oct 2015 07:28:00 GMT' }), 0],
  ['something that is no wait', () => ({ 'retry-after': 'soon' }), undefined],
  ['a negative number', () => ({ 'retry-after': '-5' }), undefined],
  ['an hour', () => ({ 'retry-after': '3600' }), 3_600_000],
];

/** Every form in which a host asks to wait. */
export function waitChecks(kit: WireKit): ConformanceCheck[] {
  return waits.map((wait) => waitCheck(kit, ...wait));
}

function waitCheck(
  { setup, encoder }: WireKit,
  what: string,
  headers: () => Record<string, string>,
  from: number | undefined,
  to = from,
): ConformanceCheck {
  return checkMaker('status', setup)(
    `Retry-After as ${what}`,
    ({ response }) => {
      sendJson(response, 429, encoder.errorBody(429, 'Slow down.'), headers());
    },
    async (scene) => {
      const { retryAfterMs } = await readRefusal(scene);
      const fits =
        from === undefined || to === undefined
          ? retryAfterMs === undefined
          : isWithin(retryAfterMs, from, to);
      expectThat(fits, 'retryAfterMs', from === to ? from : `${from} to ${to}`, retryAfterMs);
    },
  );
}

function isWithin(value: number | undefined, from: number, to: number): boolean {
  return value !== undefined && value >= from && value <= to;
}
