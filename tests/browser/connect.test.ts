import { existsSync } from 'node:fs';
import type { ServerResponse } from 'node:http';

import { chromium, type Browser, type Page } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Chain } from '../../src/chain.ts';
import { RunHost } from '../../src/sse/run-host.ts';
import { toSSEResponse } from '../../src/sse/to-sse-response.ts';
import { providerError, scriptedProvider } from '../../src/testing/index.ts';
import { startServer, type TestServer } from '../servers/start-server.ts';
import { readHosted } from '../unit/sse/support.ts';
import type { PageOutcome } from './page.ts';

const executablePath = process.env['KATAMARI_CHROMIUM'] ?? '/usr/bin/chromium';
const hasBrowser = existsSync(executablePath);
const host = new RunHost();
const impatient = new RunHost({ graceMs: 300 });
const hostOf = (kind: string): RunHost => (kind === 'hanging' ? impatient : host);
const text = Array.from({ length: 60 }, (_, index) => `語${index} 🙂 `);
/** Bytes after which the n-th connection is cut; the others are whole. */
const CUTS: readonly number[] = [2000, 3333];

let server: TestServer;
let browser: Browser;
let page: Page;
let script = '';
let connections = 0;
const req_ids: string[] = [];
const seen: (string | undefined)[] = [];

beforeAll(async () => {
  if (!hasBrowser) return;
  [script, server, browser] = await Promise.all([
    bundle(),
    startServer(({ request, response }) =>
      answer(request.method ?? '', request.url ?? '', request.headers, response),
    ),
    chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] }),
  ]);
  page = await browser.newPage();
  await page.goto(server.url);
}, 60_000);

afterAll(async () => {
  if (!hasBrowser) return;
  await browser.close();
  await server.close();
});

describe.skipIf(!hasBrowser)('connect in Chromium (skipped where there is no browser)', () => {
  it('is made of nothing but what the web has', () => {
    expect(script).toContain('last-event-id');
    expect(script).not.toMatch(/\bnode:|\bBuffer\b|\bprocess\.|\brequire\(/);
  });

  it('gives exactly the events of a run whose connection is cut twice', async () => {
    connections = 0;
    const { events, error } = await readRun('/cut/runs');
    expect(error).toBeUndefined();
    const all = await readHosted(host, req_ids.at(-1) ?? '');
    expect(events).toEqual(all.events);
    expect(events.at(-1)).toMatchObject({ type: 'done', finishReason: 'stop' });
    expect(seen).toHaveLength(3);
    expect(seen[0]).toBeUndefined();
    // A connection may be cut again before it has brought anything new.
    expect(Number(seen[2])).toBeGreaterThanOrEqual(Number(seen[1]));
  });

  it('throws what the run failed with', async () => {
    expect((await readRun('/failed/runs')).error).toBe('quota');
    expect((await readRun('/nowhere')).error).toBe('not-found');
  });

  it('lets go of the connection when the loop is left, and the run is given up after its grace time', async () => {
    const { events } = await readRun('/hanging/runs', 3);
    expect(events).toHaveLength(3);
    await expect.poll(() => impatient.running, { timeout: 5000 }).toBe(0);
  });
});

function readRun(path: string, stopAfter?: number): Promise<PageOutcome> {
  return page.evaluate(
    ([path, stopAfter]) =>
      (globalThis as unknown as { readRun(...parameters: unknown[]): Promise<PageOutcome> }).readRun(
        path,
        stopAfter,
      ),
    [path, stopAfter] as const,
  );
}

async function bundle(): Promise<string> {
  const output = (await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, lib: { entry: 'tests/browser/page.ts', formats: ['es'] } },
  })) as Rolldown.RolldownOutput[];
  return output[0]?.output[0].code ?? '';
}

async function answer(
  method: string,
  path: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  response: ServerResponse,
): Promise<void> {
  const [, kind = '', , req_id = ''] = path.split('/');
  if (path === '/') {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end('<!doctype html><title>connect</title><script type="module" src="/page.js"></script>');
  } else if (path === '/page.js') {
    response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(script);
  } else if (method === 'POST' && kind in chains) {
    const run = chains[kind as keyof typeof chains].stream({
      messages: [{ role: 'user', content: '数えて' }],
    });
    await hostOf(kind).start(run);
    req_ids.push(run.req_id);
    await send(kind, run.req_id, undefined, response);
  } else if (req_id !== '') {
    await send(kind, req_id, String(headers['last-event-id']), response);
  } else {
    response.writeHead(404).end();
  }
}

const chains = {
  cut: new Chain({ provider: scriptedProvider([{ text, delayMs: 5 }]) }),
  failed: new Chain({
    provider: scriptedProvider([{ text: 'x', error: providerError('quota', { retryable: false }) }]),
  }),
  hanging: new Chain({ provider: scriptedProvider([{ text: 'x', hang: true }]) }),
};

/** Sends the events of a run; of the first connections of a run that is to be cut only so many bytes, then the socket is destroyed. */
async function send(
  kind: string,
  req_id: string,
  last: string | undefined,
  response: ServerResponse,
): Promise<void> {
  let left = Infinity;
  if (kind === 'cut') {
    seen.push(last);
    left = CUTS[connections++] ?? Infinity;
  }
  const events = await hostOf(kind).events(req_id, { after: Number(last ?? 0) });
  const { status, headers, body } = toSSEResponse(events, {
    headers: { 'content-location': `/${kind}/runs/${req_id}/events` },
  });
  response.writeHead(status, Object.fromEntries(headers));
  const reader = body?.getReader();
  response.on('close', () => void reader?.cancel());
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
    const bytes = read.value.subarray(0, left);
    await new Promise((resolve) => response.write(bytes, resolve));
    left -= bytes.length;
    if (left > 0) continue;
    response.destroy();
    return;
  }
  response.end();
}
