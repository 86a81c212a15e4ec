import { textOf, type Message } from '../message.ts';
import { aboutTokens } from './about-tokens.ts';
import type { RelevantUnit } from './relevant/relevant-unit.ts';
import { UnitIndex } from './relevant/unit-index.ts';
import { UnitBook, type Unit } from './split-units.ts';

/**
 * What is known of a history before a budget or a query comes. Give the same one to every trim of a conversation, and only what is new is
 * read: messages are known by their identity.
 */
export class HistoryIndex {
  readonly book = new UnitBook();
  readonly #units: Unit[] = [];
  readonly #searched: RelevantUnit[] = [];
  #words: UnitIndex | undefined;

  /** Made when something is searched for the first time: most requests fit. */
  get words(): UnitIndex {
    return (this.#words ??= new UnitIndex());
  }

  /** What is searched of units: what was said, what was asked of tools, and what they gave. A new list of the same texts. */
  searched(units: readonly Unit[], messages: readonly Message[]): RelevantUnit[] {
    const { abouts } = this.book;
    for (let at = 0; at < units.length; at += 1) {
      const unit = units[at];
      if (unit === undefined || this.#units[at] === unit) continue;
      this.#units[at] = unit;
      this.#searched[at] = searchedUnit(unit, messages, abouts);
    }
    this.#units.length = this.#searched.length = units.length;
    return this.#searched.slice();
  }
}

function searchedUnit(
  { indices }: Unit,
  messages: readonly Message[],
  abouts: readonly number[],
): RelevantUnit {
  const place = indices[0] ?? -1;
  const first = messages[place];
  if (first === undefined) return { text: '', tokens: 0, role: undefined, name: undefined };
  const { role, name } = first;
  const about = abouts[place] ?? -1;
  if (indices.length === 1 && about >= 0) return { text: textOf(first), tokens: about, role, name };
  const text = indices.map((at) => searchText(messages[at])).join('\n');
  return { text, tokens: aboutTokens(text), role, name };
}

function searchText(message: Message | undefined): string {
  if (message === undefined) return '';
  const text = textOf(message);
  if (message.role !== 'assistant' || message.toolCalls === undefined) return text;
  return [text, ...message.toolCalls.map((call) => `${call.name} ${call.arguments}`)].join('\n');
}
