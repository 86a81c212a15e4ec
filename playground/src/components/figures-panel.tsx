import type { JSX } from 'preact';

import { t } from '../i18n/locale.ts';
import { lastRunOf } from '../state/conversation.ts';
import { lastMessages } from '../state/run-control.ts';
import { comparing, side } from '../state/setup.ts';
import { trimPreview } from '../state/trim-preview.ts';
import { Comparison } from './comparison.tsx';
import { ExportMenu } from './export-menu.tsx';
import { HistoryBar } from './history-bar.tsx';
import { MetricsPanel } from './metrics-panel.tsx';
import { Waterfall } from './waterfall.tsx';

/** What the next run would keep, and what the last one did, cost and took. */
export function FiguresPanel(): JSX.Element {
  const run = lastRunOf(side.value);
  const preview = trimPreview.value;
  return (
    <section class="panel panel--figures" aria-labelledby="figures-title" tabIndex={0}>
      <h2 id="figures-title" class="panel__title">
        {t('figures')}
      </h2>
      <div class="section" role="group" aria-labelledby="history-title" data-bar="preview">
        <h3 id="history-title" class="section__title">
          {t('historyPreview')}
        </h3>
        <HistoryBar fates={preview?.fates ?? []} messages={preview?.messages ?? []} />
      </div>
      <div class="section" role="group" aria-labelledby="metrics-title">
        <h3 id="metrics-title" class="section__title">
          {comparing.value ? t('comparison') : t('metrics')}
        </h3>
        {comparing.value ? <Comparison /> : <MetricsPanel run={run} />}
      </div>
      {run !== undefined && run.spans.length > 0 && (
        <div class="section" role="group" aria-labelledby="waterfall-title">
          <h3 id="waterfall-title" class="section__title">
            {t('waterfall')}
          </h3>
          <Waterfall run={run} />
        </div>
      )}
      {run?.history != null && (
        <div class="section" role="group" aria-labelledby="trimmed-title" data-bar="run">
          <h3 id="trimmed-title" class="section__title">
            {t('historyOfRun')}
          </h3>
          <HistoryBar fates={run.history.messages} messages={lastMessages(side.value)} />
        </div>
      )}
      <ExportMenu />
    </section>
  );
}
