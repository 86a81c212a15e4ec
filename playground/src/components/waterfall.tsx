import type { JSX } from 'preact';

import { duration, t } from '../i18n/locale.ts';
import type { RunView, Span } from '../run/run-view.ts';
import { nameOfPhase } from './phase-card.tsx';

/** The steps and calls of a run on one line of time: where it went. */
export function Waterfall({ run }: { readonly run: RunView }): JSX.Element | null {
  const { spans } = run;
  if (spans.length === 0) return null;
  const end = Math.max(1, ...spans.map(({ startMs, latencyMs }) => startMs + (latencyMs ?? 0)));
  return (
    <ol class="waterfall" aria-label={t('waterfall')}>
      {spans.map((span, index) => (
        <Row key={index} span={span} endMs={end} />
      ))}
    </ol>
  );
}

function Row({ span, endMs }: { readonly span: Span; readonly endMs: number }): JSX.Element {
  const { step, startMs, latencyMs, firstTokenMs } = span;
  const length = latencyMs ?? Math.max(0, endMs - startMs);
  const share = (ms: number): string => `${((ms / endMs) * 100).toFixed(2)}%`;
  const name = nameOfStep(step);
  const latency = latencyMs === null ? '…' : duration(latencyMs);
  const first = firstTokenMs === null ? '' : `, ${t('waterfallFirst', { latency: duration(firstTokenMs) })}`;
  const said = `${t('waterfallRow', { step: name, latency, start: duration(startMs) })}${first}`;
  return (
    <li class="waterfall__row" title={said}>
      <span class="for-ears">{said}</span>
      <span class="waterfall__name" aria-hidden="true">
        {name}
      </span>
      <span class="waterfall__track" aria-hidden="true">
        <span
          class="waterfall__bar"
          data-step={step}
          data-open={latencyMs === null}
          style={{ insetInlineStart: share(startMs), width: share(length) }}
        >
          {firstTokenMs !== null && length > 0 && (
            <span
              class="waterfall__wait"
              style={{ width: `${((firstTokenMs / length) * 100).toFixed(2)}%` }}
            />
          )}
        </span>
      </span>
      <span class="waterfall__time" aria-hidden="true">
        {latency}
      </span>
    </li>
  );
}

function nameOfStep(step: string): string {
  if (step === 'persona') return t('stepPersona');
  if (step === 'trim') return t('stepTrim');
  return step === 'reflect' ? t('stepReflect') : nameOfPhase(step);
}
