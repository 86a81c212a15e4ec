import type { JSX } from 'preact';

import { t } from '../i18n/locale.ts';
import type { RunView } from '../run/run-view.ts';
import { phaseLayout } from '../state/layout.ts';
import { Changes } from './changes.tsx';
import { PhaseCard } from './phase-card.tsx';
import { RunStatus } from './run-status.tsx';

/** What a run wrote, phase by phase. */
export function RunResult({ run, narrow }: { readonly run: RunView; readonly narrow: boolean }): JSX.Element {
  const layout = phaseLayout.value;
  const manyPhases = run.phases.some(({ phase }) => phase === 'draft');
  const side = layout === 'side' && manyPhases && !narrow;
  return (
    <div class="result">
      <RunStatus run={run} />
      {run.retries.map(({ call, attempt, error, delayMs }) => (
        <p key={`${call}.${attempt}`} class="hint">
          {t('retrying', {
            attempt,
            reason: error?.message ?? '',
            seconds: Math.round((delayMs ?? 0) / 100) / 10,
          })}
        </p>
      ))}
      {layout === 'diff' && manyPhases ? (
        <Changes run={run} />
      ) : (
        <div class={side ? 'phases phases--side' : 'phases'}>
          {run.phases.map((view) => (
            <PhaseCard key={view.key} view={view} run={run} folded={!side && manyPhases} />
          ))}
        </div>
      )}
      {run.issues.length > 0 && (
        <details class="fold">
          <summary>
            {t('issueTitle')} <span class="count">{run.issues.length}</span>
          </summary>
          <ul class="notes">
            {run.issues.map(({ code, message }, index) => (
              <li key={index}>
                <code>{code}</code> {message}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
