import { readFile } from 'node:fs/promises';

import { KatamariError, type Message } from 'katamari';

import type { DemoOptions } from './read-options.ts';

/** A conversation and what is asked of it. */
export interface History {
  readonly title: string;
  readonly question: string;
  readonly messages: readonly Message[];
}

interface Recorded {
  readonly id?: string;
  readonly title?: string;
  readonly question?: string;
  readonly questions?: readonly { readonly question: string }[];
  readonly messages: readonly Message[];
}

const ownHistory = new URL('../data/launch-week.json', import.meta.url);

/** Reads the conversation that the command line names; the demo's own one without. */
export async function chooseHistory({ history, id, question }: DemoOptions): Promise<History> {
  const found = parse(await read(history ?? ownHistory), id);
  const asked = question ?? found.question ?? found.questions?.[0]?.question;
  if (asked === undefined) throw new KatamariError('invalid-input', 'Say what to ask: --question "…"');
  const title = found.title ?? found.id ?? history ?? 'a conversation';
  // A recorded message may have fields of its own; the chain is given what it knows.
  const messages = found.messages.map(
    ({ role, content, name }) => ({ role, content, ...(name === undefined ? {} : { name }) }) as Message,
  );
  return { title, question: asked, messages };
}

async function read(file: string | URL): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new KatamariError('invalid-input', `The history cannot be read: ${(error as Error).message}`);
  }
}

function parse(text: string, id: string | undefined): Recorded {
  const recorded = asJson(text) ?? asJsonLines(text);
  const conversations = recorded.map((entry) =>
    Array.isArray(entry) ? { messages: entry as Message[] } : (entry as Recorded),
  );
  const found =
    id === undefined ? conversations[0] : conversations.find((conversation) => conversation.id === id);
  if (found !== undefined && Array.isArray(found.messages)) return found;
  const what =
    id === undefined
      ? 'holds no messages: { messages, question } is expected'
      : `holds no conversation with the id ${id}`;
  throw new KatamariError('invalid-input', `The history ${what}.`);
}

function asJson(text: string): unknown[] | undefined {
  try {
    return [JSON.parse(text) as unknown];
  } catch {
    return undefined;
  }
}

function asJsonLines(text: string): unknown[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.map((line, index) => {
    try {
      return JSON.parse(line) as unknown;
    } catch {
      throw new KatamariError(
        'invalid-input',
        `The history is neither JSON nor JSON lines; see line ${index + 1}.`,
      );
    }
  });
}
