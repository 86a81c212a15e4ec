import type { JSX } from 'preact';

import { number, t } from '../i18n/locale.ts';
import { isUnderWay, type RunView } from '../run/run-view.ts';
import { personas } from '../state/catalog.ts';
import { lastRunOf } from '../state/conversation.ts';
import { setups, type Setup, type Side } from '../state/setup.ts';

interface Link {
  readonly step: string;
  readonly name: string;
  readonly detail: string;
  readonly on: boolean;
}

/** The chain as it will run, from left to right; while it runs, what is at work is marked. */
export function ChainStrip({ side, title }: { readonly side: Side; readonly title?: string }): JSX.Element {
  const links = linksOf(setups[side].value);
  const run = lastRunOf(side);
  return (
    <div class="chain">
      {title !== undefined && <span class="chain__side">{title}</span>}
      <ol class="chain__links" aria-label={title === undefined ? t('chain') : `${t('chain')} ${title}`}>
        {links.map(({ step, name, detail, on }) => (
          <li key={step} class="chain__link" data-step={step} data-on={on} data-active={isAtWork(run, step)}>
            <span class="chain__name">{name}</span>
            <span class="chain__detail">{detail}</span>
            {isAtWork(run, step) && <span class="for-ears">{t('running')}</span>}
          </li>
        ))}
      </ol>
    </div>
  );
}

function linksOf(setup: Setup): readonly Link[] {
  const persona = personas.value.find(({ id }) => id === setup.persona)?.name;
  const edited = persona !== undefined && setup.yaml !== null;
  return [
    {
      step: 'persona',
      name: t('stepPersona'),
      on: persona !== undefined,
      detail: edited ? t('personaEdited', { name: persona }) : (persona ?? t('chainOff')),
    },
    {
      step: 'trim',
      name: t('stepTrim'),
      on: setup.trim,
      detail: setup.trim ? t('toTokens', { tokens: number(setup.budget) }) : t('chainOff'),
    },
    {
      step: 'reflect',
      name: t('stepReflect'),
      on: setup.reflect,
      detail: setup.reflect ? t('draftCritiqueFinal') : t('oneCall'),
    },
    { step: 'model', name: t('stepModel'), on: true, detail: setup.model === '' ? '…' : setup.model },
  ];
}

function isAtWork(run: RunView | undefined, step: string): boolean {
  if (run === undefined || !isUnderWay(run)) return false;
  if (step === 'model') return run.phases.some(({ status }) => status === 'streaming');
  return run.spans.some((span) => span.step === step && span.latencyMs === null);
}
