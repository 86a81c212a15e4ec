import { Chain } from '../../../chain.ts';
import type { ErrorCode } from '../../../errors.ts';
import type { AttemptEndEvent } from '../../../event.ts';
import { FakeClock } from '../../fake-clock.ts';
import { checkMaker, type ConformanceCheck, type WireKit } from '../check.ts';
import { expectEqual, expectThat } from '../expect-equal.ts';
import { eventsOf, plain, textOfEvents } from '../sample-answers.ts';
import type { Scene } from '../scene.ts';
import { beginEvents, sendJson } from '../send.ts';
import { readRefusal } from './read-refusal.ts';
import { waitChecks } from './retry-after.ts';

const passing: Readonly<Record<number, ErrorCode>> = {
  408: 'timeout',
  409: 'server',
  425: 'server',
  429: 'rate-limited',
  500: 'server',
  502: 'server',
  503: 'overloaded',
  504: 'timeout',
  529: 'overloaded',
};

const final: Readonly<Record<number, ErrorCode>> = {
  400: 'bad-request',
  401: 'authentication',
  403: 'permission',
  404: 'not-found',
  413: 'context-overflow',
  422: 'bad-request',
};

/** Statuses other than 200: which may be repeated, and after what wait. */
export function statusChecks(kit: WireKit): ConformanceCheck[] {
  return [
    ...Object.entries(passing).map(([status, code]) => statusCheck(kit, Number(status), code, true)),
    ...Object.entries(final).map(([status, code]) => statusCheck(kit, Number(status), code, false)),
    ...waitChecks(kit),
    ...bodyChecks(kit),
    ...chainChecks(kit),
  ];
}

function statusCheck(
  { setup, encoder }: WireKit,
  status: number,
  code: ErrorCode,
  retryable: boolean,
): ConformanceCheck {
  const text = textOfEvents(encoder, eventsOf(encoder, plain));
  return checkMaker('status', setup)(
    `${status} is ${code}, ${retryable ? 'and repeated by the chain' : 'and final'}`,
    ({ response, number }) => {
      if (number <= 2) return sendJson(response, status, encoder.errorBody(status, 'It went wrong.'));
      beginEvents(response);
      response.end(text);
    },
    async (scene) => {
      const error = await readRefusal(scene);
      expectEqual(
        { code: error.code, retryable: error.retryable, status: error.status },
        { code, retryable, status },
        'the error',
      );
      const { delays, outcome } = await runChain(scene);
      if (retryable) expectEqual([delays, outcome], [[1000, null], (plain.text ?? []).join('')], 'the run');
      else expectEqual([delays, outcome], [[null], code], 'the run');
    },
  );
}

function bodyChecks({ setup, encoder }: WireKit): ConformanceCheck[] {
  const check = checkMaker('status', setup);
  return [
    check(
      'a key that the error echoes is blotted out',
      ({ response, headers, url }) => {
        const echo = `Incorrect API key provided: ${Object.values(headers).join(' ')} ${url}`;
        sendJson(response, 401, encoder.errorBody(401, echo));
      },
      async (scene) => {
        const error = await readRefusal(scene);
        const shown = `${String(error)} ${JSON.stringify(error)} ${error.message} ${String(error.vendorCode)}`;
        expectThat(!shown.includes(scene.apiKey), 'the error', 'no key in it', shown);
      },
    ),
    check(
      'a web page with 502',
      ({ response }) => {
        response.writeHead(502, { 'content-type': 'text/html' });
        response.end('<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>');
      },
      async (scene) => {
        const { code, retryable, status } = await readRefusal(scene);
        expectEqual(
          { code, retryable, status },
          { code: 'server', retryable: true, status: 502 },
          'the error',
        );
      },
    ),
    check(
      'an empty 503',
      ({ response }) => void response.writeHead(503).end(),
      async (scene) => {
        const { code, retryable, status } = await readRefusal(scene);
        expectEqual(
          { code, retryable, status },
          { code: 'overloaded', retryable: true, status: 503 },
          'the error',
        );
      },
    ),
  ];
}

function chainChecks({ setup, encoder }: WireKit): ConformanceCheck[] {
  const check = checkMaker('status', setup);
  return [
    check(
      'the chain waits no shorter than Retry-After',
      ({ response, number }) => {
        if (number === 1)
          return sendJson(response, 429, encoder.errorBody(429, 'Slow down.'), { 'retry-after': '7' });
        beginEvents(response);
        response.end(textOfEvents(encoder, eventsOf(encoder, plain)));
      },
      async (scene) => {
        expectEqual((await runChain(scene)).delays, [7000, null], 'waits in milliseconds');
      },
    ),
    check(
      'the chain gives up after three retries',
      ({ response }) => {
        sendJson(response, 503, encoder.errorBody(503, 'No capacity.'));
      },
      async (scene) => {
        const { delays, outcome } = await runChain(scene);
        expectEqual([delays, outcome], [[1000, 2000, 4000, null], 'overloaded'], 'waits and error');
        expectEqual(scene.server.exchanges.length, 4, 'requests made');
      },
    ),
  ];
}

/** Runs a chain on a clock that is moved on by every wait it announces; gives the waits, and the text or the error's code. */
async function runChain({
  provider,
  request,
}: Scene): Promise<{ delays: (number | null)[]; outcome: string }> {
  const clock = new FakeClock();
  const retry = { maxRetries: 3, baseDelayMs: 1000, maxDelayMs: 60_000 };
  const run = new Chain({ provider, clock, random: () => 0, retry }).stream(request);
  const ends: AttemptEndEvent[] = [];
  try {
    for await (const event of run) {
      if (event.type !== 'attempt-end') continue;
      ends.push(event);
      if (event.delayMs !== null) void clock.advance(event.delayMs);
    }
  } catch {
    // The last attempt-end says what it was.
  }
  expectEqual(clock.pending, 0, 'timers that are left behind');
  return { delays: ends.map(({ delayMs }) => delayMs), outcome: ends.at(-1)?.error?.code ?? run.text };
}
