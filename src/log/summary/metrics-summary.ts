/** How a figure is distributed. A percentile is `null` where only a mean is known. */
export interface Distribution {
  readonly count: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** What trims did, where something had to go. */
export interface TrimSummary {
  readonly count: number;
  /** Of them, those in which something had to go. */
  readonly changed: number;
  /** Of those; `null` without any. */
  readonly compress_ratio: Distribution | null;
  /** `null` when not measured. Of a page: the mean of the last values. */
  readonly semantic_retention: Distribution | null;
  /** `null` when not measured. Of a page: the mean of the last values. */
  readonly fact_retention: Distribution | null;
}

/** How streams to readers went. */
export interface StreamSummary {
  readonly open: number;
  readonly opened: number;
  readonly closed: number;
  readonly broken: number;
  /** Share of the streams that ended broken, 0 to 1; `null` where none ended. */
  readonly break_ratio: number | null;
  /** From the chain to the reader's connection, in milliseconds. */
  readonly event_delay_ms: Distribution | null;
}

/** A budget of the specification, and how it was kept. */
export interface BudgetCheck {
  readonly budget: string;
  readonly limit: string;
  /** `null` where it was not measured. */
  readonly value: number | null;
  /** `null` where it was not measured. */
  readonly ok: boolean | null;
}

/** What a log, or a page of metrics, adds up to. Plain JSON; what was not measured is `null`. */
export interface MetricsSummary {
  readonly source: 'log' | 'page';
  /**
   * How exact the percentiles are. `exact`: by nearest rank over all values. `within 1 %`: relative error, from 65,536 values on.
   * `interpolated`: linear inside a histogram's bucket, so as exact as the bucket is narrow.
   */
  readonly percentiles: 'exact' | 'within 1 %' | 'interpolated';
  /** Of a log: the earliest and the latest time in it, ISO 8601. */
  readonly from: string | null;
  readonly to: string | null;
  /** Of a log: how many lines there were, how many are records, are something else, or are broken records. */
  readonly lines: {
    readonly total: number;
    readonly records: number;
    readonly other: number;
    readonly malformed: number;
  } | null;
  readonly requests: {
    readonly total: number;
    readonly completed: number;
    readonly aborted: number;
    readonly failed: number;
  };
  /** Runs that failed, the commonest error first. */
  readonly errors: readonly {
    readonly code: string;
    readonly retryable: boolean | null;
    readonly count: number;
  }[];
  /** Attempts that failed, and what became of them. */
  readonly retries: {
    readonly failed_attempts: number;
    readonly retried: number;
    readonly given_up: number;
  };
  readonly token_in: number;
  readonly token_out: number;
  /** In USD, over what is priced; `null` where nothing is. */
  readonly cost_usd: number | null;
  readonly latency_ms: Distribution | null;
  readonly first_token_ms: Distribution | null;
  /** Steps and model calls by phase, in milliseconds. */
  readonly steps: readonly ({ readonly step: string } & Distribution)[];
  readonly trims: TrimSummary;
  /** Of a page. */
  readonly runs_in_flight: number | null;
  /** Of a page. */
  readonly streams: StreamSummary | null;
  readonly budgets: readonly BudgetCheck[];
}
