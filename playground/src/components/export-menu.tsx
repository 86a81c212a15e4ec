import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';

import { t } from '../i18n/locale.ts';
import { codeSample } from '../run/code-sample.ts';
import { recordOf } from '../state/run-control.ts';
import type { RunRecord } from '../state/run-record.ts';
import { side } from '../state/setup.ts';

/** Takes the last run along: as events, as a recording, as code. */
export function ExportMenu(): JSX.Element | null {
  const dialog = useRef<HTMLDialogElement>(null);
  const record = recordOf(side.value);
  if (record === undefined) return null;
  return (
    <div class="section" role="group" aria-labelledby="export-title">
      <h3 id="export-title" class="section__title">
        {t('export')}
      </h3>
      <div class="buttons">
        <button type="button" class="button" onClick={() => saveEvents(record)}>
          {t('exportEvents')}
        </button>
        <button type="button" class="button" onClick={() => saveCassette(record)}>
          {t('exportCassette')}
        </button>
        <button type="button" class="button" onClick={() => saveMessages(record)}>
          {t('exportMessages')}
        </button>
        <button type="button" class="button" onClick={() => dialog.current?.showModal()}>
          {t('exportCode')}
        </button>
      </div>
      <p class="hint">{t('exportNote')}</p>
      <dialog ref={dialog} class="dialog" aria-labelledby="code-title">
        <h3 id="code-title">{t('codeTitle')}</h3>
        <p class="hint">{t('codeNote')}</p>
        <Code text={codeSample(record.setup, record.yaml)} />
        <form method="dialog">
          <button type="submit" class="button">
            {t('close')}
          </button>
        </form>
      </dialog>
    </div>
  );
}

function Code({ text }: { readonly text: string }): JSX.Element {
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return (
    <>
      <pre class="prompt prompt--code" tabIndex={0} aria-label={t('exportCode')}>
        {text}
      </pre>
      <button type="button" class="button" onClick={() => void copy()}>
        <span role="status">{copied ? t('copied') : t('copy')}</span>
      </button>
    </>
  );
}

function saveEvents({ events }: RunRecord): void {
  save('run.events.jsonl', events.map((event) => `${JSON.stringify(event)}\n`).join(''));
}

function saveCassette({ recorder }: RunRecord): void {
  save('run.cassette.json', `${JSON.stringify(recorder.cassette, null, 2)}\n`);
}

function saveMessages({ messages }: RunRecord): void {
  save('history.json', `${JSON.stringify(messages, null, 2)}\n`);
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the address by the next task.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  }, 0);
}
