import { readFileSync } from 'node:fs';

import type { Message } from '../../../src/message.ts';

/** One of the conversations that come with the project, with its questions. */
export interface Example {
  readonly question: string;
  readonly questionJa?: string;
  readonly messages: readonly Message[];
}

export function example(name: 'launch-week' | 'kaigi'): Example {
  const url = new URL(`../../../examples/data/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as Example;
}

/** The sentences of an answer, without list mark and speaker; empty where it says that there is none. */
export function sentencesOfAnswer(answer: string): string[] {
  const lines = answer.split('\n').filter((line) => line.startsWith('- '));
  return lines.map((line) => line.slice(2).replace(/ \([^()]*\)$|（[^（）]*）$/, ''));
}
