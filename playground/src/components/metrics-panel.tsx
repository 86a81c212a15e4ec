import type { JSX } from 'preact';

import type { MessageKey } from '../i18n/en.ts';
import { duration, number, t } from '../i18n/locale.ts';
import type { RunView } from '../run/run-view.ts';
import { nameOfPhase } from './phase-card.tsx';

/** A figure of a run, as text; `null` while it is not known. */
interface Figure {
  readonly label: MessageKey;
  readonly value: string | null;
  readonly wide?: boolean;
}

/** The figures of a run, as they come. */
export function MetricsPanel({ run }: { readonly run: RunView | undefined }): JSX.Element {
  if (run === undefined || run.spans.length + run.calls.length === 0)
    return <p class="hint">{t('metricsEmpty')}</p>;
  const estimated = run.metrics?.estimated ?? run.calls.some((call) => call.estimated);
  return (
    <>
      <dl class="metrics">
        {figuresOf(run).map(({ label, value, wide = false }) => (
          <div key={label} class={wide ? 'metric metric--wide' : 'metric'} data-metric={label}>
            <dt>{t(label)}</dt>
            <dd>{value ?? '–'}</dd>
          </div>
        ))}
      </dl>
      {estimated && <p class="hint">{t('estimated')}</p>}
      {run.calls.length > 0 && <CallTable run={run} />}
    </>
  );
}

/** What there is to say of a run in numbers. */
export function figuresOf(run: RunView): readonly Figure[] {
  const { trim, calls, metrics, retries } = run;
  const sum = (field: 'token_in' | 'token_out'): number =>
    metrics?.[field] ?? calls.reduce((total, call) => total + call[field], 0);
  const first = metrics?.first_token_ms ?? calls.find(({ answer }) => answer)?.first_token_ms ?? null;
  return [
    {
      label: 'metricTokens',
      value: trim === null ? null : `${number(trim.token_in)} → ${number(trim.token_out)}`,
      wide: true,
    },
    {
      label: 'metricBilled',
      value: calls.length === 0 ? null : `${number(sum('token_in'))} / ${number(sum('token_out'))}`,
      wide: true,
    },
    { label: 'metricCompress', value: ratio(metrics?.compress_ratio ?? trim?.compress_ratio) },
    { label: 'metricRetention', value: measured(trim?.semantic_retention, trim !== null) },
    { label: 'metricFacts', value: measured(trim?.fact_retention, trim !== null) },
    { label: 'metricFirst', value: first === null ? null : duration(first) },
    { label: 'metricLatency', value: metrics === null ? null : duration(metrics.latency_ms) },
    { label: 'metricCost', value: costText(run) },
    { label: 'metricCalls', value: number(metrics?.calls ?? calls.length) },
    { label: 'metricRetries', value: number(retries.length) },
  ];
}

function CallTable({ run }: { readonly run: RunView }): JSX.Element {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t('callTable')}>
      <table class="table">
        <caption class="for-ears">{t('callTable')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('call')}</th>
            <th scope="col">token_in</th>
            <th scope="col">token_out</th>
            <th scope="col">{t('firstShort')}</th>
            <th scope="col">{t('totalShort')}</th>
          </tr>
        </thead>
        <tbody>
          {run.calls.map(({ call, attempt, phase, token_in, token_out, first_token_ms, step_latency_ms }) => (
            <tr key={`${call}.${attempt}`}>
              <th scope="row">
                {nameOfPhase(phase)}
                {attempt > 1 && ` ×${attempt}`}
              </th>
              <td>{number(token_in)}</td>
              <td>{number(token_out)}</td>
              <td>{first_token_ms === null ? '–' : duration(first_token_ms)}</td>
              <td>{duration(step_latency_ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ratio(value: number | null | undefined): string | null {
  return value == null ? null : value.toFixed(3);
}

function measured(value: number | null | undefined, wasTrimmed: boolean): string | null {
  return ratio(value) ?? (wasTrimmed ? t('notMeasured') : null);
}

/** Dollars with as many places as a call of a small model needs. */
function costText({ metrics, calls }: RunView): string | null {
  const known = metrics === null ? calls.map(({ cost_usd }) => cost_usd) : [metrics.cost_usd];
  if (known.length === 0) return null;
  if (known.some((cost) => cost == null)) return t('notPriced');
  const total = known.reduce<number>((sum, cost) => sum + (cost ?? 0), 0);
  return `$${total === 0 ? '0' : total.toFixed(6)}`;
}
