import fc from 'fast-check';
import { FakeClock } from 'katamari/testing';
import { describe, expect, it } from 'vitest';

import { errorOf, handlerOver, HELLO, ORIGIN, post } from './ask.ts';

/** A request whose body comes in pieces, with no length said before. */
function streamed(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  onCancel = () => undefined,
): Request {
  const iterator: AsyncIterator<Uint8Array> | Iterator<Uint8Array> =
    Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const result = await iterator.next();
      if (result.done === true) controller.close();
      else controller.enqueue(result.value);
    },
    cancel: onCancel,
  });
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body, duplex: 'half' };
  return new Request(`${ORIGIN}/v1/runs`, init);
}

const nothing = new Promise<never>(() => undefined);

describe('bodies', () => {
  it('are counted while they are read, whatever their length is said to be', async () => {
    let read = 0;
    let isCancelled = false;
    const endless = (function* () {
      for (;;) {
        read++;
        yield new Uint8Array(1000);
      }
    })();
    const handler = handlerOver(['Hi'], { body: { maxBodyBytes: 10_000 } });
    const request = streamed(endless, () => void (isCancelled = true));
    expect(await errorOf(await handler(request))).toMatchObject({ status: 413, code: 'invalid-input' });
    expect(read).toBeLessThan(15);
    expect(isCancelled).toBe(true);
  });

  it('are not read at all where their length is too much', async () => {
    const handler = handlerOver(['Hi'], { body: { maxBodyBytes: 10 } });
    const request = new Request(`${ORIGIN}/v1/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '11' },
      body: '{}',
    });
    expect((await handler(request)).status).toBe(413);
    expect(request.bodyUsed).toBe(false);
  });

  it('may not dawdle between two pieces', async () => {
    const clock = new FakeClock();
    const dawdling = (async function* () {
      yield new TextEncoder().encode('{"messages"');
      await nothing;
    })();
    const answer = handlerOver(['Hi'], { clock })(streamed(dawdling));
    await clock.advance(10_000);
    expect((await answer).status).toBe(408);
    expect(clock.pending).toBe(0);
  });

  it('may not come in drops for ever', async () => {
    const clock = new FakeClock();
    const drops = (async function* () {
      for (;;) {
        await new Promise<void>((resolve) => clock.after(9000, resolve));
        yield new Uint8Array([0x20]);
      }
    })();
    const answer = handlerOver(['Hi'], { clock })(streamed(drops));
    await clock.advance(61_000);
    expect((await answer).status).toBe(408);
  });

  it.each([
    ['no JSON', '{"messages": [', 400, /not JSON/],
    ['nothing', '', 400, /missing|not JSON/],
    ['a number', '7', 400, /^The body: /],
    ['null', 'null', 400, /^The body: /],
    ['a list', '[]', 400, /^The body: /],
    ['no messages', '{}', 400, /^messages: /],
    ['empty messages', '{"messages":[]}', 400, /^messages: /],
    ['a wrong role', '{"messages":[{"role":"usr","content":"x"}]}', 400, /^messages\[0\]\.role: .*system/],
    ['a wrong content', '{"messages":[{"role":"user","content":7}]}', 400, /^messages\[0\]\.content: /],
    [
      'a wrong part',
      '{"messages":[{"role":"user","content":[{"type":"text"}]}]}',
      400,
      /^messages\[0\]\.content\[0\]\.text: /,
    ],
    ['an unknown key', '{"messages":[{"role":"user","content":"x"}],"modle":"x"}', 400, /modle/],
    ['a budget of nothing', '{"messages":[{"role":"user","content":"x"}],"budget":0}', 400, /^budget: /],
    [
      'a budget without tokens',
      '{"messages":[{"role":"user","content":"x"}],"budget":{"minTurns":1}}',
      400,
      /^budget\.targetTokens: /,
    ],
    ['Infinity', '{"messages":[{"role":"user","content":"x"}],"temperature":1e999}', 400, /^temperature: /],
  ])('of %s get 400 with the place', async (_, body, status, message) => {
    const error = await errorOf(await handlerOver(['Hi'])(post('/v1/runs', body)));
    expect(error).toMatchObject({ status, code: 'invalid-input', retryable: false });
    expect(error.message).toMatch(message);
  });

  it('of another encoding get 400', async () => {
    const request = new Request(`${ORIGIN}/v1/runs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Uint8Array([0x22, 0xff, 0xfe, 0x22]),
    });
    expect(await errorOf(await handlerOver(['Hi'])(request))).toMatchObject({
      status: 400,
      message: expect.stringMatching(/UTF-8/) as string,
    });
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/json',
    '',
  ])('of type «%s» get 415', async (type) => {
    const request = post('/v1/runs', HELLO, { 'content-type': type });
    expect((await handlerOver(['Hi'])(request)).status).toBe(415);
  });

  it.each(['application/json; charset=utf-8', 'Application/JSON', 'application/vnd.api+json'])(
    'of type «%s» are read',
    async (type) => {
      expect((await handlerOver(['Hi'])(post('/v1/runs', HELLO, { 'content-type': type }))).status).toBe(200);
    },
  );

  it('may be nested only so deep, brackets in strings not counted', async () => {
    const handler = handlerOver(['Hi', 'Hi'], { body: { maxJsonDepth: 20 } });
    const deep = `{"messages":[{"role":"user","content":"x"}],"tools":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expect(await errorOf(await handler(post('/v1/runs', deep)))).toMatchObject({
      status: 400,
      message: expect.stringMatching(/nested/) as string,
    });
    const text = { messages: [{ role: 'user', content: `${'[{'.repeat(100)}\\"${'['.repeat(100)}` }] };
    expect((await handler(post('/v1/runs', text))).status).toBe(200);
  });

  it('leave no trace on objects by their keys', async () => {
    const body =
      '{"messages":[{"role":"user","content":"x"}],"__proto__":{"polluted":true},"variables":{"__proto__":"x"}}';
    expect((await handlerOver(['Hi'])(post('/v1/runs', body))).status).toBe(400);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('of any kind get an answer of JSON that is no failure of the server, and name no value of theirs', async () => {
    const handler = handlerOver([() => ({ text: 'Hi' })]);
    const paths = ['/v1/runs', '/v1/trim', '/v1/personas/compile', '/v1/chat/completions'];
    const key = fc.constantFrom(
      'messages',
      'role',
      'content',
      'persona',
      'yaml',
      'model',
      'budget',
      'targetTokens',
      'name',
      'tools',
      'forbid',
    );
    const value = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('user', 'system', 'tool', 'katamari/default', 'Qx7-secret'),
        fc.jsonValue({ maxDepth: 1 }),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(key, tie('tree'), { maxKeys: 4 }),
      ),
    })).tree;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...paths), value, async (path, body) => {
        const response = await handler(post(path, JSON.stringify(body)));
        expect(response.status).toBeLessThan(500);
        const text = await response.text();
        expect(() => void JSON.parse(text)).not.toThrow();
        if (response.status === 400) expect(text).not.toContain('Qx7-secret');
      }),
      { numRuns: 150 },
    );
  });
});
