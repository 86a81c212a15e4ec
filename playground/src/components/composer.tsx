import type { JSX } from 'preact';
import { useId } from 'preact/hooks';

import { t } from '../i18n/locale.ts';
import { question } from '../state/conversation.ts';
import { ask, busy, stop } from '../state/run-control.ts';

function send(): void {
  const text = question.value.trim();
  if (!busy.value && text !== '') ask(text);
}

/** Where one asks. */
export function Composer(): JSX.Element {
  const id = useId();
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <label for={id} class="for-ears">
        {t('question')}
      </label>
      <textarea
        id={id}
        rows={2}
        value={question.value}
        placeholder={t('askPlaceholder')}
        aria-describedby={`${id}-keys`}
        onInput={(event) => {
          question.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          // While a Japanese word is being converted, Enter takes the word.
          if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
          event.preventDefault();
          send();
        }}
      />
      <div class="composer__foot">
        <span id={`${id}-keys`} class="hint composer__keys">
          {t('keysHint')}
        </span>
        {busy.value ? (
          <button type="button" class="button button--main" onClick={stop}>
            {t('stop')}
          </button>
        ) : (
          <button type="submit" class="button button--main" disabled={question.value.trim() === ''}>
            {t('ask')}
          </button>
        )}
      </div>
    </form>
  );
}
