import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

import type { MessageKey } from '../i18n/en.ts';
import { t } from '../i18n/locale.ts';
import type { PhaseView, RunView } from '../run/run-view.ts';
import { Critique } from './critique.tsx';
import { Prose } from './prose.tsx';

const names: Readonly<Record<PhaseView['phase'], MessageKey>> = {
  answer: 'phaseAnswer',
  draft: 'phaseDraft',
  critique: 'phaseCritique',
  final: 'phaseFinal',
  summary: 'phaseSummary',
  revision: 'phaseRevision',
  prethought: 'phasePrethought',
};

const states: Readonly<Record<PhaseView['status'], MessageKey>> = {
  streaming: 'phaseStreaming',
  done: 'phaseDone',
  failed: 'phaseFailed',
  stopped: 'phaseStopped',
  void: 'phaseVoid',
};

/** What a phase is called. */
export function nameOfPhase(phase: string): string {
  const key = (names as Readonly<Record<string, MessageKey | undefined>>)[phase];
  return key === undefined ? phase : t(key);
}

/** One phase as it is written. */
export function PhaseCard({
  view,
  run,
  folded,
}: {
  readonly view: PhaseView;
  readonly run: RunView;
  /** Whether it can be folded, and begins so unless it is the answer or being written. */
  readonly folded: boolean;
}): JSX.Element {
  const head = (
    <>
      <span class="phase__name">{nameOfPhase(view.phase)}</span>
      <span class="phase__state">{t(states[view.status])}</span>
    </>
  );
  const attributes = { class: 'phase', 'data-phase': view.phase, 'data-status': view.status };
  if (!folded) {
    return (
      <article {...attributes} aria-label={nameOfPhase(view.phase)}>
        <h3 class="phase__head">{head}</h3>
        <Following while={view.status === 'streaming'}>
          <PhaseBody view={view} run={run} />
        </Following>
      </article>
    );
  }
  return (
    <details {...attributes} open={view.answer || view.status === 'streaming'}>
      <summary class="phase__head">{head}</summary>
      <div class="phase__body">
        <PhaseBody view={view} run={run} />
      </div>
    </details>
  );
}

function PhaseBody({ view, run }: { readonly view: PhaseView; readonly run: RunView }): JSX.Element {
  const { text, reasoning, toolCalls, phase, status, repeated } = view;
  const whole = status === 'done';
  return (
    <>
      {reasoning !== '' && (
        <details class="fold">
          <summary>{t('thinkingOf')}</summary>
          <p class="prose prose--raw">{reasoning}</p>
        </details>
      )}
      {repeated && <p class="hint">{run.choice === null ? t('saidAgain') : whyChosen(run.choice)}</p>}
      {phase === 'critique' ? (
        <Critique text={text} whole={whole} event={run.critiques.find(({ call }) => call === view.call)} />
      ) : (
        <Prose text={text} whole={whole} />
      )}
      {toolCalls.map(({ id, name, arguments: given }) => (
        <div key={id}>
          <p class="hint">{t('toolCall', { name })}</p>
          <pre class="prompt">{given}</pre>
        </div>
      ))}
    </>
  );
}

/** Keeps the end in sight while text is being written, unless the reader has scrolled away from it. */
function Following({
  while: isWriting,
  children,
}: {
  readonly while: boolean;
  readonly children: ComponentChildren;
}): JSX.Element {
  const place = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  useLayoutEffect(() => {
    const element = place.current;
    if (isWriting && element !== null && atEnd.current) element.scrollTop = element.scrollHeight;
  });
  useLayoutEffect(() => {
    // Once it is whole, it is read from its beginning.
    if (!isWriting && place.current !== null) place.current.scrollTop = 0;
  }, [isWriting]);
  return (
    <div
      ref={place}
      class="phase__body"
      tabIndex={0}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < 24;
      }}
    >
      {children}
    </div>
  );
}

const reasons: Readonly<Record<NonNullable<RunView['choice']>['why'], MessageKey>> = {
  approved: 'choiceApproved',
  last: 'choiceLast',
  'best-score': 'choiceBestScore',
  'not-judged': 'choiceNotJudged',
  failed: 'choiceFailed',
  limit: 'choiceLimit',
};

function whyChosen({ why, score }: NonNullable<RunView['choice']>): string {
  return t(reasons[why], { score: score ?? '–' });
}
