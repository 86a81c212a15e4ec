import type { LogRecord, RequestLogRecord, TrimLogRecord } from '../records.ts';
import { budgetsOf } from './budgets.ts';
import type { MetricsSummary } from './metrics-summary.ts';
import { Quantiles } from './quantiles.ts';

/** Different names (steps, codes) that are told apart; more of them are `other`. */
const MAX_NAMES = 100;

interface ErrorCount {
  readonly code: string;
  readonly retryable: boolean | null;
  count: number;
}

/** Adds up the records of a log, one by one, in bounded memory. */
export class LogAccount {
  readonly #lines = { total: 0, records: 0, other: 0, malformed: 0 };
  readonly #requests = { total: 0, completed: 0, aborted: 0, failed: 0 };
  readonly #retries = { failed_attempts: 0, retried: 0, given_up: 0 };
  readonly #errors = new Map<string, ErrorCount>();
  readonly #steps = new Map<string, Quantiles>();
  readonly #latency = new Quantiles();
  readonly #firstToken = new Quantiles();
  /** Of trims; and of requests, for a log that has no records of trims. */
  readonly #ratios = { trim: new Quantiles(), request: new Quantiles() };
  readonly #semantic = { trim: new Quantiles(), request: new Quantiles() };
  readonly #facts = { trim: new Quantiles(), request: new Quantiles() };
  readonly #trims = { count: 0, changed: 0 };
  readonly #sums = { token_in: 0, token_out: 0 };
  #cost: number | null = null;
  #from: string | null = null;
  #to: string | null = null;

  add(record: LogRecord): void {
    this.#lines.total++;
    this.#lines.records++;
    // Times in ISO 8601, all in UTC, sort as text.
    if (this.#from === null || record.time < this.#from) this.#from = record.time;
    if (this.#to === null || record.time > this.#to) this.#to = record.time;
    if (record.name === 'katamari.request') this.#addRequest(record);
    else if (record.name === 'katamari.trim') this.#addTrim(record);
    else {
      this.#retries.failed_attempts++;
      this.#retries[record.retryable ? 'retried' : 'given_up']++;
    }
  }

  /** A line that is no record: of someone else, or a broken one of katamari's. */
  skip(why: 'other' | 'malformed'): void {
    this.#lines.total++;
    this.#lines[why]++;
  }

  summary(): MetricsSummary {
    const by = this.#trims.count > 0 ? 'trim' : 'request';
    const kinds = [this.#latency, this.#firstToken, ...this.#steps.values(), this.#ratios[by]];
    const figures = {
      first_token_ms: this.#firstToken.distribution(),
      streams: null,
      trims: {
        ...this.#trims,
        compress_ratio: this.#ratios[by].distribution(),
        semantic_retention: this.#semantic[by].distribution(),
        fact_retention: this.#facts[by].distribution(),
      },
    };
    return {
      source: 'log',
      percentiles: kinds.every((kind) => kind.exact) ? 'exact' : 'within 1 %',
      from: this.#from,
      to: this.#to,
      lines: { ...this.#lines },
      requests: { ...this.#requests },
      errors: [...this.#errors.values()].toSorted((a, b) => b.count - a.count),
      retries: { ...this.#retries },
      ...this.#sums,
      cost_usd: this.#cost,
      latency_ms: this.#latency.distribution(),
      steps: [...this.#steps].flatMap(([step, values]) => {
        const distribution = values.distribution();
        return distribution === null ? [] : [{ step, ...distribution }];
      }),
      runs_in_flight: null,
      ...figures,
      budgets: budgetsOf(figures),
    };
  }

  #addRequest(record: RequestLogRecord): void {
    this.#requests.total++;
    this.#requests[record.status]++;
    this.#sums.token_in += record.token_in;
    this.#sums.token_out += record.token_out;
    if (record.cost_usd !== null) this.#cost = (this.#cost ?? 0) + record.cost_usd;
    this.#latency.add(record.latency_ms);
    if (record.first_token_ms !== null) this.#firstToken.add(record.first_token_ms);
    if (record.error_code !== null) this.#countError(record.error_code, record.retryable);
    for (const { step, latency_ms } of record.step_latency_ms) this.#stepOf(step).add(latency_ms);
    this.#addRetention('request', record, record.compress_ratio < 1);
  }

  #addTrim(record: TrimLogRecord): void {
    const changed = record.token_out < record.token_in;
    this.#trims.count++;
    if (changed) this.#trims.changed++;
    this.#addRetention('trim', record, changed);
  }

  #addRetention(by: 'trim' | 'request', record: RequestLogRecord | TrimLogRecord, changed: boolean): void {
    if (!changed) return;
    this.#ratios[by].add(record.compress_ratio);
    if (record.semantic_retention !== null) this.#semantic[by].add(record.semantic_retention);
    if (record.fact_retention !== null) this.#facts[by].add(record.fact_retention);
  }

  #countError(code: string, retryable: boolean | null): void {
    const key = nameIn(this.#errors, `${code} ${retryable}`);
    const error = this.#errors.get(key) ?? (key === 'other' ? other() : { code, retryable, count: 0 });
    error.count++;
    this.#errors.set(key, error);
  }

  #stepOf(step: string): Quantiles {
    const key = nameIn(this.#steps, step);
    const values = this.#steps.get(key) ?? new Quantiles();
    this.#steps.set(key, values);
    return values;
  }
}

function nameIn(names: ReadonlyMap<string, unknown>, name: string): string {
  return names.has(name) || names.size < MAX_NAMES ? name : 'other';
}

function other(): ErrorCount {
  return { code: 'other', retryable: null, count: 0 };
}
