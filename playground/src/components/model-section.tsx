import type { JSX } from 'preact';

import type { ModelInfo } from '../api/api-types.ts';
import { t } from '../i18n/locale.ts';
import { models } from '../state/catalog.ts';
import { changeSetup, setup } from '../state/setup.ts';
import { SelectField } from './select-field.tsx';

const valueOf = ({ provider, id }: Pick<ModelInfo, 'provider' | 'id'>): string => `${provider}\n${id}`;

/** Who answers. */
export function ModelSection(): JSX.Element {
  const { provider, model } = setup.value;
  const chosen = models.value.find((entry) => entry.provider === provider && entry.id === model);
  return (
    <div class="section" role="group" aria-labelledby="model-title">
      <h3 id="model-title" class="for-ears">
        {t('model')}
      </h3>
      <SelectField
        label={t('providerAndModel')}
        value={valueOf({ provider, id: model })}
        options={models.value.map((entry) => ({
          value: valueOf(entry),
          text: entry.id,
          group: entry.provider,
        }))}
        onChange={(value) => {
          const [provider = '', model = ''] = value.split('\n');
          changeSetup({ provider, model });
        }}
      />
      {chosen !== undefined && <p class="hint">{whatIsKnown(chosen)}</p>}
      {models.value.length === 1 && <p class="hint">{t('noKeys')}</p>}
    </div>
  );
}

function whatIsKnown({ isLanguageModel, contextWindow, prices }: ModelInfo): string {
  if (!isLanguageModel) return t('noLanguageModel');
  const known: string[] = [];
  if (contextWindow !== null) known.push(t('contextWindow', { tokens: contextWindow }));
  if (prices !== null && prices.input !== null && prices.output !== null)
    known.push(t('pricePerMillion', { input: prices.input, output: prices.output }));
  return known.join(' · ');
}
