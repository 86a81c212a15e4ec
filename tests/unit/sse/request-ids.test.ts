import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import { requestIds } from '../../../src/sse/request-ids.ts';
import { scriptedProvider } from '../../../src/testing/index.ts';
import { eventsOf } from './support.ts';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

function idsOf(headers: Record<string, string>) {
  return requestIds({ headers: new Headers(headers) });
}

describe('requestIds', () => {
  it('takes the ids that a request brings', () => {
    expect(idsOf({ 'X-Request-Id': 'web-7:a.b_c', traceparent })).toEqual({
      req_id: 'web-7:a.b_c',
      traceparent,
    });
  });

  it.each([
    '',
    'has space',
    'slash/../etc',
    '..',
    'a'.repeat(129),
    'emoji-é',
    '"quote"',
    '{brace}',
    '%0d%0aSet-Cookie',
  ])('makes an id of its own in place of %j', (id) => {
    expect(idsOf({ 'x-request-id': id }).req_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each([
    '',
    'nonsense',
    traceparent.toUpperCase(),
    `${traceparent}-extra`,
    traceparent.replace('00-', 'ff-'),
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`,
  ])('leaves out a traceparent of %j', (value) => {
    expect(idsOf({ traceparent: value })).not.toHaveProperty('traceparent');
  });

  it('goes into a run as it is, and comes out on its events', async () => {
    const chain = new Chain({ provider: scriptedProvider(['ok']) });
    const run = chain.stream({
      ...idsOf({ 'x-request-id': 'r-1', traceparent }),
      messages: [{ role: 'user', content: 'Hi' }],
    });
    const [first] = await eventsOf(run);
    expect(first).toMatchObject({ type: 'run-start', req_id: 'r-1', traceparent });
  });
});
