import { effect, signal } from '@preact/signals';
import type { Message, MessageFate } from 'katamari';

import { ApiError } from '../api/api-error.ts';
import type { TrimAnswer } from '../api/api-types.ts';
import { requestJson } from '../api/request-json.ts';
import { MIN_TURNS } from '../api/run-body.ts';
import { messagesFor, question } from './conversation.ts';
import { latest } from './latest.ts';
import { personaPreview } from './persona-preview.ts';
import { setup, side, type Setup } from './setup.ts';

/** What the next run would keep of the history, in the set-up in view. */
export interface TrimPreview {
  readonly messages: readonly Message[];
  readonly fates: readonly MessageFate[];
  readonly tokensBefore: number;
  readonly tokensAfter: number;
  /** What the budget would have to be at least, in tokens, where it is too small. */
  readonly neededTokens: number | null;
  readonly problem: string | null;
}

export const trimPreview = signal<TrimPreview | null>(null);

/** Short enough to follow the slider, long enough not to ask for every pixel. In milliseconds. */
const REST_MS = 60;

/** Keeps the preview in step with the slider, the persona, the question and the conversation. */
export function followTrim(): void {
  const soon = latest(REST_MS);
  effect(() => {
    const chosen = setup.value;
    const messages = nextMessages();
    soon((signal) => preview(chosen, messages, signal));
  });
}

/** The request as the trim will see it: with the persona's prompt before and the question after. */
function nextMessages(): readonly Message[] {
  const { prompt } = personaPreview.value;
  const asked = question.value.trim();
  const said = messagesFor(side.value);
  return [
    ...(prompt === '' ? [] : [{ role: 'system', content: prompt } as const]),
    ...said,
    ...(asked === '' ? [] : [{ role: 'user', content: asked } as const]),
  ];
}

async function preview(chosen: Setup, messages: readonly Message[], signal: AbortSignal): Promise<void> {
  if (messages.length === 0) {
    trimPreview.value = null;
    return;
  }
  try {
    trimPreview.value = await ask(chosen, messages, signal);
  } catch (error) {
    if (signal.aborted || !(error instanceof ApiError) || error.code === 'connection') return;
    const { neededTokens = null, message } = error;
    const previous = trimPreview.value ?? { fates: [], tokensBefore: 0, tokensAfter: 0 };
    trimPreview.value = {
      ...previous,
      messages,
      neededTokens,
      problem: neededTokens === null ? message : null,
    };
  }
}

async function ask(
  { trim, budget, strategy, model }: Setup,
  messages: readonly Message[],
  signal: AbortSignal,
): Promise<TrimPreview> {
  const body = {
    messages,
    // Without a trim the same question tells what there is.
    targetTokens: trim ? budget : Number.MAX_SAFE_INTEGER,
    // A summary takes a model; what stays beside it is what is newest.
    strategy: strategy === 'summary' ? 'recent' : strategy,
    minTurns: MIN_TURNS,
    ...(model !== '' && { model }),
  };
  const { report } = await requestJson<TrimAnswer>('v1/trim', { method: 'POST', body, signal });
  return {
    messages,
    fates: report.messages,
    tokensBefore: report.tokensBefore,
    tokensAfter: report.tokensAfter,
    neededTokens: null,
    problem: null,
  };
}
