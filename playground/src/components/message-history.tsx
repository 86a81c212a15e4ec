import type { Message } from 'katamari';
import { textOf } from 'katamari';
import type { JSX } from 'preact';

import { t } from '../i18n/locale.ts';
import { excerptOf, history } from '../state/conversation.ts';
import { trimPreview } from '../state/trim-preview.ts';

/** How many messages stay in sight. */
const SHOWN = 2;

/** The conversation so far: the newest messages in full, the others folded away. Every message bears its fate at its edge. */
export function MessageHistory(): JSX.Element | null {
  const all = history.value;
  if (all.length === 0) return null;
  const fates = trimPreview.value?.fates ?? [];
  // The preview's history begins with the persona's prompt, where there is one.
  const offset = trimPreview.value?.messages[0]?.role === 'system' && all[0]?.role !== 'system' ? 1 : 0;
  const itemOf = (message: Message, index: number): JSX.Element => (
    <li key={index} class="said" data-role={message.role} data-fate={fates[index + offset]?.fate}>
      <span class="said__who">{speakerOf(message)}</span>
      <span class="said__text">{index < all.length - SHOWN ? excerptOf(message, 220) : textOf(message)}</span>
    </li>
  );
  const earlier = all.slice(0, -SHOWN);
  return (
    <div class="history">
      {earlier.length > 0 && (
        <details class="fold">
          <summary>{t('earlierMessages', { count: earlier.length })}</summary>
          <ol class="history__list">{earlier.map(itemOf)}</ol>
        </details>
      )}
      <ol class="history__list">
        {all.slice(-SHOWN).map((message, index) => itemOf(message, all.length - SHOWN + index))}
      </ol>
    </div>
  );
}

/** Who speaks, in the language of the app. */
export function speakerOf({ role }: Pick<Message, 'role'>): string {
  const names = {
    user: 'youSaid',
    assistant: 'assistantSaid',
    system: 'systemSaid',
    tool: 'toolSaid',
  } as const;
  return t(names[role]);
}
