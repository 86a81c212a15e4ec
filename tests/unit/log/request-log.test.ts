import pino from 'pino';
import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import { logRecordSchema, type LogRecord } from '../../../src/log/index.ts';
import { requestLog, type RequestLogOptions } from '../../../src/log/request-log.ts';
import { FakeClock, providerError, scriptedProvider, type Script } from '../../../src/testing/index.ts';
import { trim } from '../../../src/trim/trim.ts';

const messages = [{ role: 'user', content: 'my secret is hunter2' }] as const;

function lines() {
  const written: string[] = [];
  return {
    written,
    write: (line: string) => written.push(line),
    get records() {
      return written.map((line) => JSON.parse(line) as LogRecord);
    },
  };
}

function failing(scripts: readonly (Script | string)[], options?: RequestLogOptions) {
  const target = lines();
  const clock = new FakeClock();
  const provider = scriptedProvider(scripts);
  const observers = [requestLog(target, options)];
  return { target, clock, chain: new Chain({ provider, observers, clock, random: () => 0 }) };
}

describe('requestLog', () => {
  it('writes one JSON line a run, with the fields of the specification and no text', async () => {
    const target = lines();
    const provider = scriptedProvider([{ text: 'the answer', usage: { token_in: 9, token_out: 2 } }]);
    const chain = new Chain({ provider, name: 'support', observers: [requestLog(target)] });
    await chain.stream({ messages, req_id: 'r-7' }).result();
    expect(target.written).toHaveLength(1);
    const [record] = target.records;
    expect(record).toMatchObject({
      name: 'katamari.request',
      req_id: 'r-7',
      chain: 'support',
      model: 'scripted-1',
      persona: null,
      persona_hash: null,
      persona_version: null,
      status: 'completed',
      token_in: 9,
      token_out: 2,
      compress_ratio: 1,
      semantic_retention: null,
      fact_retention: null,
      retryable: null,
      error_code: null,
      step_latency_ms: [{ step: 'answer' }],
    });
    expect(target.written[0]).toMatch(/\n$/);
    expect(target.written[0]).not.toMatch(/hunter2|the answer/);
  });

  it('takes the persona’s name, hash and version from the labels', async () => {
    const target = lines();
    const labels = { persona: 'gijiroku', persona_hash: '0123456789abcdef', persona_version: '1.2.0' };
    const step = {
      name: 'persona',
      stage: 'prompt',
      labels,
      wrap: (next) => next,
    } as const satisfies Parameters<Chain['use']>[0];
    const chain = new Chain({ provider: scriptedProvider(['ok']), observers: [requestLog(target)] });
    await chain.use(step).stream({ messages }).result();
    expect(target.records).toMatchObject([labels]);
  });

  it('writes a record per failed attempt; the last says that none follows', async () => {
    const { target, clock, chain } = failing([{ error: providerError('overloaded') }]);
    const result = chain.stream({ messages, req_id: 'r' }).result();
    result.catch(() => undefined);
    await clock.advance(8000);
    await expect(result).rejects.toThrow('overloaded');
    const retries = target.records.filter((record) => record.name === 'katamari.retry');
    expect(retries.map((record) => [record.attempt, record.delay_ms, record.retryable])).toEqual([
      [1, 1000, true],
      [2, 2000, true],
      [3, 4000, true],
      [4, null, false],
    ]);
    expect(retries[3]).toMatchObject({
      req_id: 'r',
      phase: 'answer',
      call: 1,
      provider: 'scripted',
      model: 'scripted-1',
      error_code: 'overloaded',
      error_retryable: true,
      maybe_accepted: false,
      superseded: false,
    });
    expect(target.records.at(-1)).toMatchObject({ name: 'katamari.request', status: 'failed', attempts: 4 });
  });

  it('says of a final error that it is none to retry, and of shown text that it is void', async () => {
    const cut = { text: 'half an ans', error: providerError('connection', { maybeAccepted: true }) };
    const { target, clock, chain } = failing([
      cut,
      { error: providerError('authentication', { retryable: false }) },
    ]);
    const result = chain.stream({ messages }).result();
    result.catch(() => undefined);
    await clock.advance(2000);
    await expect(result).rejects.toThrow('authentication');
    expect(target.records).toMatchObject([
      { error_code: 'connection', retryable: true, superseded: true, maybe_accepted: true },
      { error_code: 'authentication', retryable: false, error_retryable: false, delay_ms: null },
      { name: 'katamari.request', error_code: 'authentication', retryable: false },
    ]);
  });

  it('writes a record per trim, with what was dropped', async () => {
    const target = lines();
    const chain = new Chain({ provider: scriptedProvider(['ok']), observers: [requestLog(target)] }).use(
      trim({ targetTokens: 300, strategy: 'recent' }),
    );
    const long = Array.from({ length: 30 }, (_, index) => ({
      role: index % 2 === 0 ? ('user' as const) : ('assistant' as const),
      content: `第${index}回: parcel ${1000 + index} left the depot on 3 May, hunter2.`,
    }));
    await chain.stream({ messages: [...long, ...messages] }).result();
    const [record, request] = target.records;
    expect(record).toMatchObject({
      name: 'katamari.trim',
      strategy: 'recent',
      target_tokens: 300,
      messages: 31,
      shortened: 0,
      semantic_retention: null,
      retention_method: null,
    });
    if (record?.name !== 'katamari.trim') throw new Error('no trim record');
    expect(record.dropped).toBeGreaterThan(5);
    expect(record.token_out).toBeLessThanOrEqual(300);
    expect(request).toMatchObject({ name: 'katamari.request', compress_ratio: record.compress_ratio });
    expect(target.written.join('')).not.toContain('hunter2');
  });

  it('writes only the records that are asked for', async () => {
    const scripts = [{ error: providerError('overloaded') }, 'ok'];
    const { target, clock, chain } = failing(scripts, { records: ['katamari.request'] });
    const result = chain.stream({ messages }).result();
    await clock.advance(2000);
    await result;
    expect(target.records.map(({ name }) => name)).toEqual(['katamari.request']);
  });

  it('writes to pino, whose lines match the schema', async () => {
    const target = lines();
    const { clock, chain } = failing([{ error: providerError('overloaded') }, 'ok']);
    const logged = new Chain({
      provider: chain.provider,
      clock,
      observers: [requestLog(pino({ base: null, timestamp: false }, target))],
    });
    const result = logged.stream({ messages }).result();
    await clock.advance(2000);
    await result;
    expect(target.written).toHaveLength(2);
    for (const line of target.written) {
      expect(line.match(/"name":/g)).toHaveLength(1);
      expect(() => logRecordSchema.parse(JSON.parse(line))).not.toThrow();
    }
    expect(JSON.parse(target.written[0] ?? '')).toMatchObject({
      level: 30,
      msg: 'katamari.retry',
      attempt: 1,
    });
  });

  it('records failures with their code, and aborts', async () => {
    const target = lines();
    const error = providerError('authentication', { retryable: false, cause: new Error('Bearer sk-secret') });
    const chain = new Chain({
      provider: scriptedProvider([{ error }, { text: 'a', hang: true }]),
      observers: [requestLog(target, { records: ['katamari.request'] })],
    });
    await expect(chain.stream({ messages }).result()).rejects.toBe(error);
    for await (const _ of chain.stream({ messages }).tokens()) break;
    expect(target.records).toMatchObject([
      { status: 'failed', error_code: 'authentication', retryable: false },
      { status: 'aborted', error_code: null, retryable: null },
    ]);
    expect(target.written.join('')).not.toContain('sk-secret');
  });

  it('says nothing of a run that never began', () => {
    const target = lines();
    const run = new Chain({ provider: scriptedProvider(['ok']), observers: [requestLog(target)] }).stream({
      messages,
    });
    run.abort();
    expect(target.written).toEqual([]);
  });
});
