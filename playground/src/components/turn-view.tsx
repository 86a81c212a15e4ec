import type { JSX } from 'preact';

import { t } from '../i18n/locale.ts';
import { isUnderWay } from '../run/run-view.ts';
import { lastTurn, runs, type Turn } from '../state/conversation.ts';
import { phaseLayout } from '../state/layout.ts';
import { edit, retry } from '../state/run-control.ts';
import { comparing, sides } from '../state/setup.ts';
import { RunResult } from './run-result.tsx';
import { Segmented } from './segmented.tsx';

/** A question and its answer; two answers where two set-ups were asked. */
export function TurnView({ turn }: { readonly turn: Turn }): JSX.Element {
  const isLast = lastTurn.value?.id === turn.id;
  const answers = sides.flatMap((side) => {
    const number = turn.runs[side];
    const run = number === undefined ? undefined : runs.value.get(number);
    return run === undefined ? [] : [{ side, run }];
  });
  const busy = answers.some(({ run }) => isUnderWay(run));
  const manyPhases = answers.some(({ run }) => run.phases.some(({ phase }) => phase === 'draft'));
  return (
    <section class="turn" aria-label={t('question')}>
      <div class="said said--asked" data-role="user">
        <span class="said__who">{t('youSaid')}</span>
        <span class="said__text">{turn.question}</span>
      </div>
      {isLast && (
        <div class="turn__bar">
          {manyPhases && (
            <Segmented
              legend={t('layoutOf')}
              quiet
              value={phaseLayout.value}
              options={[
                { value: 'side', text: t('layoutSide') },
                { value: 'folded', text: t('layoutFolded') },
                { value: 'diff', text: t('layoutDiff') },
              ]}
              onChange={(value) => {
                phaseLayout.value = value;
              }}
            />
          )}
          <span class="turn__actions">
            <button type="button" class="button" disabled={busy} onClick={retry}>
              {t('retry')}
            </button>
            <button type="button" class="button" disabled={busy} onClick={edit}>
              {t('edit')}
            </button>
          </span>
        </div>
      )}
      <div class={answers.length > 1 ? 'answers answers--two' : 'answers'}>
        {answers.map(({ side, run }) => (
          <section key={side} class="answers__one" aria-label={t('answerOf', { side: side.toUpperCase() })}>
            {answers.length > 1 && <h3 class="answers__side">{t('side', { side: side.toUpperCase() })}</h3>}
            <RunResult run={run} narrow={comparing.value} />
          </section>
        ))}
      </div>
    </section>
  );
}
