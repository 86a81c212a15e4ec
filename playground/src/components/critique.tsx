import type { ChainEvent } from 'katamari';
import type { JSX } from 'preact';

import { t } from '../i18n/locale.ts';
import { Prose } from './prose.tsx';

/** What the critic found: as it writes it, then as it was understood. */
export function Critique({
  text,
  whole,
  event,
}: {
  readonly text: string;
  readonly whole: boolean;
  readonly event: Extract<ChainEvent, { readonly type: 'critique' }> | undefined;
}): JSX.Element {
  if (event === undefined) return <Prose text={text} whole={whole} />;
  const { verdict, score, issues } = event;
  return (
    <div class="critique">
      <p class="critique__verdict" data-verdict={verdict}>
        {verdict === 'approve' ? t('verdictApprove') : t('verdictRevise', { count: issues.length })}
        {score !== null && <span class="count"> {t('score', { score })}</span>}
      </p>
      <ul class="critique__list">
        {issues.map(({ severity, quote, problem }, index) => (
          <li key={index} data-severity={severity}>
            <p>
              <span class="tag">{t(severity)}</span> {problem}
            </p>
            {quote !== undefined && <blockquote>{quote}</blockquote>}
          </li>
        ))}
      </ul>
    </div>
  );
}
