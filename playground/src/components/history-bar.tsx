import type { Message, MessageFate } from 'katamari';
import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';

import type { MessageKey } from '../i18n/en.ts';
import { number, t } from '../i18n/locale.ts';
import { excerptOf } from '../state/conversation.ts';
import { speakerOf } from './message-history.tsx';

const fateNames: Readonly<Record<MessageFate['fate'], MessageKey>> = {
  kept: 'fateKept',
  shortened: 'fateShortened',
  dropped: 'fateDropped',
};

/** What the bar shows. */
export interface HistoryBarProps {
  readonly fates: readonly MessageFate[];
  /** The messages that the fates are of, where they are at hand. */
  readonly messages: readonly Message[];
}

/**
 * A history as a bar: a piece per message, as wide as its tokens, coloured and raised by its fate. One stop of the Tab key; the arrow keys
 * go from message to message.
 */
export function HistoryBar({ fates, messages }: HistoryBarProps): JSX.Element {
  const id = useId();
  const [chosen, choose] = useState(0);
  const active = Math.min(chosen, fates.length - 1);
  const fate = fates[active];
  if (fate === undefined) return <p class="hint">{t('historyEmpty')}</p>;
  // What a step put before the conversation, as the persona's prompt, is not among the messages that were sent.
  const message = messages[fate.index - (fates.length - messages.length)];
  return (
    <div class="bar">
      <div
        class="bar__pieces"
        role="listbox"
        tabIndex={0}
        aria-label={t('historyBar')}
        aria-describedby={`${id}-hint`}
        aria-activedescendant={`${id}-${active}`}
        onKeyDown={(event) => {
          const next = placeAfter(event.key, active, fates.length);
          if (next === undefined) return;
          event.preventDefault();
          choose(next);
        }}
      >
        {fates.map((piece, index) => (
          <span
            key={index}
            id={`${id}-${index}`}
            class="bar__piece"
            role="option"
            aria-selected={index === active}
            aria-label={sayFate(piece)}
            title={sayFate(piece)}
            data-fate={piece.fate}
            style={{ flexGrow: Math.max(1, piece.tokens) }}
            onPointerEnter={() => {
              choose(index);
            }}
            onClick={() => {
              choose(index);
            }}
          />
        ))}
      </div>
      <ul class="legend">
        {(['kept', 'shortened', 'dropped'] as const).map((name) => (
          <li key={name} data-fate={name}>
            {t(fateNames[name])} {number(fates.filter((piece) => piece.fate === name).length)}
          </li>
        ))}
      </ul>
      <p id={`${id}-hint`} class="for-ears">
        {t('historyHint')}
      </p>
      <div class="bar__detail">
        <p class="bar__fate">{sayFate(fate)}</p>
        {message !== undefined && <p class="bar__text">{excerptOf(message, 160)}</p>}
      </div>
    </div>
  );
}

function sayFate(piece: MessageFate): string {
  return t('messageFate', {
    number: piece.index + 1,
    role: speakerOf(piece),
    fate: t(fateNames[piece.fate]),
    why: piece.why,
    tokens: piece.tokens,
  });
}

function placeAfter(key: string, place: number, length: number): number | undefined {
  const places: Readonly<Record<string, number>> = {
    ArrowRight: place + 1,
    ArrowDown: place + 1,
    ArrowLeft: place - 1,
    ArrowUp: place - 1,
    PageDown: place + 10,
    PageUp: place - 10,
    Home: 0,
    End: length - 1,
  };
  const next = places[key];
  return next === undefined ? undefined : Math.min(length - 1, Math.max(0, next));
}
