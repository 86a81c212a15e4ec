/* The provider of the soak, in a process of its own: answers, and cuts, stalls and rate-limits at random. Started by run-soak.ts. */
import { setTimeout as pause } from 'node:timers/promises';

import { beginSse, chatChunk, chatEnding, sendJson } from '../servers/respond.ts';
import { startServer } from '../servers/start-server.ts';
import { CALM_MODEL, FAULTS, randomOf, settingsOf, tokenAt } from './settings.ts';

const { seed, tokens, paceMs, firstTokenMs } = settingsOf(process.argv[2]);
const random = randomOf(seed);
const counts = { requests: 0, cut: 0, stall: 0, limit: 0 };
let open = 0;

type Fault = keyof typeof FAULTS | null;

function faultOf(model: unknown): Fault {
  if (model === CALM_MODEL) return null;
  const drawn = random();
  if (drawn < FAULTS.cut) return 'cut';
  if (drawn < FAULTS.cut + FAULTS.stall) return 'stall';
  return drawn < FAULTS.cut + FAULTS.stall + FAULTS.limit ? 'limit' : null;
}

const server = await startServer(async ({ response, json, closed }) => {
  const { model } = json as { model: string };
  const fault = faultOf(model);
  counts.requests++;
  if (fault !== null) counts[fault]++;
  if (fault === 'limit') {
    sendJson(response, 429, { error: { message: 'Rate limit reached', code: 'rate_limit_exceeded' } });
    return;
  }
  open++;
  void closed.then(() => open--);
  const [length, waitMs] = model === CALM_MODEL ? [3, 10] : [tokens, paceMs];
  const endsAt = fault === null ? length : Math.floor(random() * length);
  beginSse(response);
  await pause(firstTokenMs);
  for (let index = 0; index < endsAt && !response.destroyed; index++) {
    response.write(chatChunk({ content: tokenAt(index) }));
    await pause(waitMs);
  }
  if (fault === 'cut') response.destroy();
  // A stall lasts until the client has had enough.
  if (fault === null) response.end(chatEnding());
});

process.on('message', () => process.send?.({ ...counts, open }));
process.on('disconnect', () => process.exit());
process.send?.(server.url);
