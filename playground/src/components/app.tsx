import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { t } from '../i18n/locale.ts';
import { lastTurn, turns } from '../state/conversation.ts';
import { panel } from '../state/layout.ts';
import { busy, stop } from '../state/run-control.ts';
import { sidesInUse } from '../state/setup.ts';
import { ChainStrip } from './chain-strip.tsx';
import { Composer } from './composer.tsx';
import { FiguresPanel } from './figures-panel.tsx';
import { Header } from './header.tsx';
import { MessageHistory } from './message-history.tsx';
import { PanelSwitch } from './panel-switch.tsx';
import { SettingsPanel } from './settings-panel.tsx';
import { TurnView } from './turn-view.tsx';

/** The whole screen. */
export function App(): JSX.Element {
  useEscape();
  return (
    <>
      <a class="skip" href="#conversation">
        {t('skipToConversation')}
      </a>
      <Header />
      <PanelSwitch />
      <main class="panels" data-panel={panel.value}>
        <SettingsPanel />
        <Conversation />
        <FiguresPanel />
      </main>
    </>
  );
}

function Conversation(): JSX.Element {
  const scroll = useTalkScroll();
  const sides = sidesInUse.value;
  return (
    <section
      id="conversation"
      class="panel panel--conversation"
      aria-labelledby="conversation-title"
      tabIndex={-1}
    >
      <h2 id="conversation-title" class="for-ears">
        {t('conversation')}
      </h2>
      <div class="chains">
        {sides.map((side) => (
          <ChainStrip key={side} side={side} {...(sides.length > 1 && { title: side.toUpperCase() })} />
        ))}
      </div>
      <div ref={scroll} class="talk" tabIndex={0} role="log" aria-live="off" aria-label={t('messages')}>
        <MessageHistory />
        {turns.value.map((turn) => (
          <TurnView key={turn.id} turn={turn} />
        ))}
      </div>
      <Composer />
    </section>
  );
}

/** Escape stops what runs, wherever the focus is. */
function useEscape(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && busy.value && !event.defaultPrevented) stop();
    };
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('keydown', onKey);
    };
  }, []);
}

/** Brings a new question to the top, with room below it for its answer. */
function useTalkScroll(): { current: HTMLDivElement | null } {
  const place = useRef<HTMLDivElement>(null);
  const asked = lastTurn.value?.id;
  useEffect(() => {
    if (asked !== undefined)
      place.current?.querySelector('.turn:last-child')?.scrollIntoView({ block: 'start' });
  }, [asked]);
  return place;
}
