import type { JSX } from 'preact';
import { useId, useRef } from 'preact/hooks';

import { t } from '../i18n/locale.ts';
import { personaPreview, yamlOf } from '../state/persona-preview.ts';
import { changeSetup, setup } from '../state/setup.ts';

/** Tab leaves the editor, as it leaves every field; two spaces are typed by hand. */
export function PersonaEditor(): JSX.Element {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const yaml = yamlOf(setup.value);
  const lines = yaml.split('\n');
  const { fault, notes } = personaPreview.value;
  const faultText = fault === null ? '' : textOfFault(fault);

  return (
    <div class="editor">
      <label for={`${id}-yaml`} class="for-ears">
        {t('personaYaml')}
      </label>
      <div class="editor__paper">
        <div class="editor__scroll">
          <div class="editor__gutter" aria-hidden="true">
            {lines.map((_, index) => (
              <span key={index} class={fault?.line === index + 1 ? 'editor__number--fault' : ''}>
                {index + 1}
              </span>
            ))}
          </div>
          <textarea
            ref={field}
            id={`${id}-yaml`}
            rows={lines.length + 1}
            spellcheck={false}
            autocapitalize="off"
            autocomplete="off"
            wrap="off"
            value={yaml}
            aria-invalid={fault !== null}
            aria-describedby={`${id}-fault`}
            onInput={(event) => {
              changeSetup({ yaml: event.currentTarget.value });
            }}
          />
          {fault?.line !== undefined && (
            <p class="editor__fault" style={{ '--line': fault.line }} aria-hidden="true">
              <span class="editor__caret" style={{ '--column': fault.column ?? 1 }} />
              {faultText}
            </p>
          )}
        </div>
      </div>
      <div class="editor__foot">
        <p id={`${id}-fault`} role="status" class={fault === null ? 'hint' : 'fault'}>
          {fault === null ? t('personaValid') : faultText}
        </p>
        {fault?.line !== undefined && (
          <button type="button" class="link" onClick={() => goTo(field.current, yaml, fault)}>
            ↥ {fault.line}:{fault.column ?? 1}
          </button>
        )}
        {setup.value.yaml !== null && (
          <button type="button" class="link" onClick={() => changeSetup({ yaml: null })}>
            {t('personaReset')}
          </button>
        )}
      </div>
      {notes.length > 0 && (
        <ul class="notes">
          {notes.map(({ path, message }) => (
            <li key={message}>
              {path !== undefined && <code>{path}</code>} {message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function textOfFault(fault: {
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly message: string;
}): string {
  const { line, column, message } = fault;
  // The server's message begins with the place, for terminals; here the place has a spot of its own.
  const bare = message.replace(/^[^\s:]*:?\d+:\d+:\s*/, '').split('\n')[0] ?? message;
  if (line === undefined) return t('personaFaultNoLine', { message: bare });
  return t('personaFault', { line: String(line), column: String(column ?? 1), message: bare });
}

function goTo(
  field: HTMLTextAreaElement | null,
  yaml: string,
  { line = 1, column = 1 }: { readonly line: number | undefined; readonly column: number | undefined },
): void {
  const before = yaml.split('\n').slice(0, line - 1);
  const place = before.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
  field?.focus();
  field?.setSelectionRange(place, place);
}
