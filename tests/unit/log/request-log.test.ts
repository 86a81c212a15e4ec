import { describe, expect, it } from 'vitest';

import { Chain } from '../../../src/chain.ts';
import { requestLog, type RequestLogRecord } from '../../../src/log/request-log.ts';
import { providerError, scriptedProvider } from '../../../src/testing/index.ts';

const messages = [{ role: 'user', content: 'my secret is hunter2' }] as const;

function lines() {
  const written: string[] = [];
  return { written, write: (line: string) => written.push(line) };
}

describe('requestLog', () => {
  it('writes one JSON line a run, with the fields of the specification and no text', async () => {
    const target = lines();
    const provider = scriptedProvider([{ text: 'the answer', usage: { token_in: 9, token_out: 2 } }]);
    const chain = new Chain({ provider, name: 'support', observers: [requestLog(target)] });
    await chain.stream({ messages, req_id: 'r-7' }).result();
    expect(target.written).toHaveLength(1);
    const record = JSON.parse(target.written[0] ?? '') as RequestLogRecord;
    expect(record).toMatchObject({
      name: 'katamari.request',
      req_id: 'r-7',
      chain: 'support',
      model: 'scripted-1',
      persona: null,
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
    expect(record.latency_ms).toBeGreaterThanOrEqual(record.first_token_ms ?? Infinity);
    expect(target.written[0]).toMatch(/\n$/);
    expect(target.written[0]).not.toMatch(/hunter2|the answer/);
  });

  it('writes to a logger of pino’s shape', async () => {
    const records: object[] = [];
    const logger = { info: (record: object) => records.push(record) };
    const chain = new Chain({ provider: scriptedProvider(['ok']), observers: [requestLog(logger)] });
    await chain.stream({ messages }).result();
    expect(records).toEqual([expect.objectContaining({ name: 'katamari.request', status: 'completed' })]);
  });

  it('records failures with their code, and aborts', async () => {
    const target = lines();
    const error = providerError('authentication', { retryable: false, cause: new Error('Bearer sk-secret') });
    const chain = new Chain({
      provider: scriptedProvider([{ error }, { text: 'a', hang: true }]),
      observers: [requestLog(target)],
    });
    await expect(chain.stream({ messages }).result()).rejects.toBe(error);
    for await (const _ of chain.stream({ messages }).tokens()) break;
    const records = target.written.map((line) => JSON.parse(line) as RequestLogRecord);
    expect(records.map(({ status, error_code, retryable }) => [status, error_code, retryable])).toEqual([
      ['failed', 'authentication', false],
      ['aborted', null, null],
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
