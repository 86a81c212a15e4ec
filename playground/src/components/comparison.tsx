import type { JSX } from 'preact';

import { t } from '../i18n/locale.ts';
import type { RunView } from '../run/run-view.ts';
import { lastRunOf } from '../state/conversation.ts';
import { setups } from '../state/setup.ts';
import { figuresOf } from './metrics-panel.tsx';

/** Two runs of one question, figure by figure. */
export function Comparison(): JSX.Element {
  const [a, b] = [lastRunOf('a'), lastRunOf('b')];
  if (a === undefined || b === undefined) return <p class="hint">{t('metricsEmpty')}</p>;
  const [ofA, ofB] = [figuresOf(a), figuresOf(b)];
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t('comparison')}>
      <table class="table table--compare">
        <caption class="for-ears">{t('comparison')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('figure')}</th>
            <th scope="col">A</th>
            <th scope="col">B</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{t('stepPersona')}</th>
            <td>{personaOf(a)}</td>
            <td>{personaOf(b)}</td>
          </tr>
          <tr>
            <th scope="row">{t('stepModel')}</th>
            <td>{a.start?.model ?? setups.a.value.model}</td>
            <td>{b.start?.model ?? setups.b.value.model}</td>
          </tr>
          {ofA.map(({ label, value }, index) => (
            <tr key={label}>
              <th scope="row">{t(label)}</th>
              <td>{value ?? '–'}</td>
              <td>{ofB[index]?.value ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function personaOf({ start }: RunView): string {
  return start?.labels['persona'] ?? '–';
}
