import type { TrimStrategy } from 'katamari';
import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

import { number, t } from '../i18n/locale.ts';
import { changeSetup, setup } from '../state/setup.ts';
import { trimPreview, type TrimPreview } from '../state/trim-preview.ts';
import { SelectField } from './select-field.tsx';

const LEAST_BUDGET = 64;
const STEP = 64;

/** How much of the history goes along, and what that would keep, at once. */
export function TrimSection(): JSX.Element {
  const id = useId();
  const { trim, budget, strategy } = setup.value;
  const most = sliderEnd(budget, trimPreview.value?.tokensBefore ?? 0);
  const change = (value: number): void => {
    if (Number.isFinite(value)) changeSetup({ budget: Math.max(LEAST_BUDGET, Math.round(value)) });
  };
  return (
    <div class="section" role="group" aria-labelledby="trim-title">
      <h3 id="trim-title" class="for-ears">
        {t('trim')}
      </h3>
      <label class="check">
        <input
          type="checkbox"
          checked={trim}
          onChange={(event) => {
            changeSetup({ trim: event.currentTarget.checked });
          }}
        />
        {t('trimOn')}
      </label>
      {trim && (
        <>
          <div class="field field--row">
            <label for={`${id}-budget`}>{t('budget')}</label>
            <input
              id={`${id}-budget`}
              type="number"
              min={LEAST_BUDGET}
              step={STEP}
              value={budget}
              onChange={(event) => {
                change(event.currentTarget.valueAsNumber);
              }}
            />
          </div>
          <input
            class="slider"
            type="range"
            aria-label={t('budget')}
            aria-valuetext={t('tokensCount', { tokens: budget })}
            min={LEAST_BUDGET}
            max={most}
            step={STEP}
            value={budget}
            onInput={(event) => {
              change(event.currentTarget.valueAsNumber);
            }}
          />
          <div class="scale" aria-hidden="true">
            <span>{number(LEAST_BUDGET)}</span>
            <span>{number(most)}</span>
          </div>
        </>
      )}
      <div class="mini" aria-hidden="true">
        {trimPreview.value?.fates.map(({ fate, tokens }, index) => (
          <span key={index} class="bar__piece" data-fate={fate} style={{ flexGrow: Math.max(1, tokens) }} />
        ))}
      </div>
      <PreviewText preview={trimPreview.value} />
      {trim && (
        <SelectField
          label={t('strategy')}
          value={strategy}
          options={[
            { value: 'relevant', text: t('strategyRelevant') },
            { value: 'recent', text: t('strategyRecent') },
            { value: 'extract', text: t('strategyExtract') },
            { value: 'summary', text: t('strategySummary') },
          ]}
          onChange={(value) => {
            changeSetup({ strategy: value as TrimStrategy });
          }}
        />
      )}
      {trim && strategy === 'summary' && <p class="hint">{t('summaryNoPreview')}</p>}
    </div>
  );
}

/** Its own text, so that a screen reader hears what a move of the slider does once the slider rests. */
function PreviewText({ preview }: { readonly preview: TrimPreview | null }): JSX.Element {
  return (
    <p class={preview?.neededTokens == null ? 'keeps' : 'keeps fault'} role="status">
      {preview === null ? '' : previewText(preview)}
    </p>
  );
}

function previewText({ fates, tokensBefore, tokensAfter, neededTokens, problem }: TrimPreview): string {
  if (neededTokens !== null) return t('budgetNeeds', { tokens: neededTokens });
  if (problem !== null) return problem;
  const kept = fates.filter(({ fate }) => fate !== 'dropped').length;
  if (kept === fates.length && tokensAfter === tokensBefore) return t('keepsAll', { before: tokensBefore });
  return t('keepsOf', { kept, all: fates.length, after: tokensAfter, before: tokensBefore });
}

/** A round number at which everything fits, so that the slider's end means «all». */
function sliderEnd(budget: number, tokensBefore: number): number {
  const all = Math.max(budget, tokensBefore, 1024);
  return Math.ceil((all * 1.02) / 512) * 512;
}
