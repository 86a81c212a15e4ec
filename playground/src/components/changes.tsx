import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';

import { locale, t } from '../i18n/locale.ts';
import { countChanges, diffTexts } from '../run/diff-texts.ts';
import { answerOf, isUnderWay, type RunView } from '../run/run-view.ts';

/** What changed on the way from the draft to the final answer. */
export function Changes({ run }: { readonly run: RunView }): JSX.Element {
  const draft = run.phases.findLast(({ phase, status }) => phase === 'draft' && status !== 'void');
  const answer = answerOf(run);
  if (draft === undefined || answer === '' || isUnderWay(run)) return <p class="hint">{t('diffWait')}</p>;
  return <Diff before={draft.text} after={answer} />;
}

function Diff({ before, after }: { readonly before: string; readonly after: string }): JSX.Element {
  const language = locale.value;
  const pieces = useMemo(() => diffTexts(before, after, language), [before, after, language]);
  if (before === after) return <p class="hint">{t('diffNone')}</p>;
  return (
    <article class="phase phase--diff" aria-label={t('layoutDiff')}>
      <h3 class="phase__head">{t('diffSummary', { ...countChanges(pieces, language) })}</h3>
      <div class="phase__body">
        <div class="prose prose--raw">
          {pieces.map(({ kind, text }, index) => {
            if (kind === 'added') return <ins key={index}>{text}</ins>;
            return kind === 'removed' ? <del key={index}>{text}</del> : <span key={index}>{text}</span>;
          })}
        </div>
      </div>
    </article>
  );
}
