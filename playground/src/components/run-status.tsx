import type { JSX } from 'preact';

import { t } from '../i18n/locale.ts';
import type { RunView } from '../run/run-view.ts';
import { nameOfPhase } from './phase-card.tsx';

/**
 * How far the run is, in one line. A live region: it changes when a phase does and not with every token, so that a screen reader is not
 * talked over.
 */
export function RunStatus({ run }: { readonly run: RunView }): JSX.Element {
  return (
    <p class="status" role="status" data-status={run.status}>
      <span class="status__dot" aria-hidden="true" />
      {statusText(run)}
    </p>
  );
}

function statusText(run: RunView): string {
  const { status, error, finishReason, phases } = run;
  switch (status) {
    case 'waiting':
      return t('statusWaiting');
    case 'running': {
      const phase = phases.findLast((phase) => phase.status === 'streaming')?.phase;
      return t('statusRunning', { phase: phase === undefined ? '…' : nameOfPhase(phase) });
    }
    case 'reconnecting':
      return t('statusReconnecting');
    case 'done':
      return t('statusDone', { reason: finishReason ?? '' });
    case 'stopped':
      return t('statusStopped');
    case 'failed':
      return t('statusFailed', { code: error?.code ?? '', message: error?.message ?? '' });
    case 'lost':
      return t('statusLost');
    case 'cut':
      return t('statusCut');
  }
}
