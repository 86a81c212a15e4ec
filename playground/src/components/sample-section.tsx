import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';

import { t } from '../i18n/locale.ts';
import { loadOwn, loadSample, sample, sampleProblem, type Sample } from '../state/samples.ts';
import { SelectField } from './select-field.tsx';

/** What is talked about. */
export function SampleSection(): JSX.Element {
  const file = useRef<HTMLInputElement>(null);
  const choose = (name: Sample): void => {
    if (name === 'own') file.current?.click();
    else void loadSample(name);
  };
  return (
    <div class="section" role="group" aria-labelledby="sample-title">
      <h3 id="sample-title" class="for-ears">
        {t('sample')}
      </h3>
      <SelectField
        label={t('sample')}
        value={sample.value}
        options={[
          { value: 'launch', text: t('sampleLaunch') },
          { value: 'kaigi', text: t('sampleKaigi') },
          { value: 'empty', text: t('sampleEmpty') },
          { value: 'own', text: t('sampleOwn') },
        ]}
        onChange={(value) => {
          choose(value as Sample);
        }}
      />
      <input
        ref={file}
        type="file"
        accept="application/json,.json"
        hidden
        onChange={(event) => {
          const [chosen] = event.currentTarget.files ?? [];
          if (chosen !== undefined) void loadOwn(chosen);
        }}
      />
      {sampleProblem.value !== '' && (
        <p class="fault" role="alert">
          {sampleProblem.value}
        </p>
      )}
    </div>
  );
}
