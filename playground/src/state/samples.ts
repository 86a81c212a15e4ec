import { batch, signal } from '@preact/signals';
import type { Message } from 'katamari';

import kaigiUrl from '../../../examples/data/kaigi.json?url';
import launchUrl from '../../../examples/data/launch-week.json?url';
import { locale, t } from '../i18n/locale.ts';
import { history, question, turns } from './conversation.ts';

export type Sample = 'launch' | 'kaigi' | 'empty' | 'own';

interface Recorded {
  readonly messages: readonly Message[];
  readonly question?: string;
  readonly questionJa?: string;
}

/** Which conversation is loaded. */
export const sample = signal<Sample>('launch');

/** What was wrong with a file of one's own. */
export const sampleProblem = signal('');

/** Loads a conversation that comes with the app, with a question about it. */
export async function loadSample(name: 'launch' | 'kaigi' | 'empty'): Promise<void> {
  if (name === 'empty') {
    show(name, { messages: [] });
    return;
  }
  const response = await fetch(name === 'launch' ? launchUrl : kaigiUrl);
  show(name, (await response.json()) as Recorded);
}

/** Loads a conversation from a file: messages, or `{ messages, question }`. */
export async function loadOwn(file: File): Promise<void> {
  try {
    show('own', readConversation(JSON.parse(await file.text())));
  } catch (error) {
    sampleProblem.value = t('sampleBad', { message: error instanceof Error ? error.message : String(error) });
  }
}

function readConversation(value: unknown): Recorded {
  const recorded = (Array.isArray(value) ? { messages: value as Message[] } : value) as Partial<Recorded>;
  const { messages, question } = recorded;
  if (!Array.isArray(messages)) throw new Error('{ "messages": […] }');
  for (const [index, message] of (messages as readonly (Partial<Message> | null)[]).entries()) {
    const isMessage = typeof message?.role === 'string' && message.content !== undefined;
    if (!isMessage) throw new Error(`messages[${index}]: { "role", "content" }`);
  }
  return { messages: messages as Message[], ...(typeof question === 'string' && { question }) };
}

function show(name: Sample, { messages, question: asked = '', questionJa }: Recorded): void {
  batch(() => {
    sample.value = name;
    sampleProblem.value = '';
    history.value = messages;
    turns.value = [];
    question.value = locale.value === 'ja' ? (questionJa ?? asked) : asked;
  });
}
