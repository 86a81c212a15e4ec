import { EVENT_ID, getScalarValue, SCALAR_STYLE, type Event, type ScalarEvent } from 'js-yaml';

import type { PersonaPath } from './field-checks.ts';

/**
 * Where in its source a part of a persona stands, as an offset that {@link lineAndColumn} turns into what an editor shows: the value, or the
 * key of a mapping when the value is left out or `isKey` asks for it. What is not there has the place of what it is missing in.
 */
export function placeOf(events: readonly Event[], source: string, path: PersonaPath, isKey = false): number {
  let index = 1;
  let place = startOf(events[index], source) ?? 0;
  for (const [depth, part] of path.entries()) {
    const type = events[index]?.type;
    if (type === EVENT_ID.SEQUENCE && typeof part === 'number') {
      const element = elementsOf(events, index, source)[part];
      if (element === undefined) return place;
      ({ index, at: place } = element);
    } else if (type === EVENT_ID.MAPPING) {
      const entry = entriesOf(events, index, source).find(({ key }) => key === part);
      if (entry === undefined) return place;
      if (isKey && depth === path.length - 1) return entry.at;
      index = entry.value;
      place = startOf(events[index], source) ?? entry.at;
    } else return place;
  }
  return place;
}

/** The key of the root mapping that stands at an offset. */
export function keyAt(events: readonly Event[], source: string, offset: number): string | undefined {
  return entriesOf(events, 1, source).find(({ at }) => at === offset)?.key;
}

interface Entry {
  readonly key: string;
  /** Where the key stands. */
  readonly at: number;
  /** The index of the value's event. */
  readonly value: number;
}

function entriesOf(events: readonly Event[], mapping: number, source: string): Entry[] {
  const entries: Entry[] = [];
  if (events[mapping]?.type !== EVENT_ID.MAPPING) return entries;
  const root = startOf(events[mapping], source) ?? 0;
  for (let index = mapping + 1; index < events.length && events[index]?.type !== EVENT_ID.POP;) {
    const name = events[index];
    const value = afterNode(events, index);
    const key =
      name?.type === EVENT_ID.SCALAR && name.valueStart >= 0 ? getScalarValue(source, name) : 'null';
    entries.push({ key, at: startOf(name, source) ?? root, value });
    index = afterNode(events, value);
  }
  return entries;
}

/** Where the second document begins, or `undefined` when there is one at most. */
export function secondDocument(events: readonly Event[], source: string): number | undefined {
  const first = afterNode(events, 0);
  if (first >= events.length) return undefined;
  const end = events.slice(0, first).reduce((latest, event) => Math.max(latest, endOf(event)), 0);
  const marker = source.slice(end).search(/^---/m);
  return marker === -1 ? (startOf(events[first + 1], source) ?? end) : end + marker;
}

/** Line and column of an offset, both from 1; columns count UTF-16 code units, as editors do. */
export function lineAndColumn(source: string, offset: number): { line: number; column: number } {
  const lines = source.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

function elementsOf(
  events: readonly Event[],
  sequence: number,
  source: string,
): { readonly index: number; readonly at: number }[] {
  const places: { index: number; at: number }[] = [];
  let end = startOf(events[sequence], source) ?? 0;
  for (let index = sequence + 1; index < events.length && events[index]?.type !== EVENT_ID.POP;) {
    const next = afterNode(events, index);
    // An element that is left out has no place of its own: its dash stands for it.
    const at = startOf(events[index], source) ?? dashAfter(source, end);
    places.push({ index, at });
    for (; index < next; index++) end = Math.max(end, at + 1, endOf(events[index]));
  }
  return places;
}

/** The next `-` that begins a list element, at or after an offset. */
function dashAfter(source: string, from: number): number {
  if (source[from] === '-') return from;
  const rest = source.slice(from);
  const dash = rest.search(/(?<=^[ \t]*)-(?=\s|$)/m);
  return dash === -1 ? from : from + dash;
}

/** The index of the event after a node and all that is in it. */
function afterNode(events: readonly Event[], index: number): number {
  let depth = 0;
  for (let at = index; at < events.length; at++) {
    const type = events[at]?.type;
    if (type === EVENT_ID.POP) depth--;
    else if (type !== EVENT_ID.SCALAR && type !== EVENT_ID.ALIAS) depth++;
    if (depth <= 0) return at + 1;
  }
  return events.length;
}

/** Where a node begins, its tag and anchor included; `undefined` for one that is left out. */
function startOf(event: Event | undefined, source: string): number | undefined {
  if (event === undefined || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT)
    return undefined;
  // The parser's anchors begin after their `&` or `*`.
  const anchor = event.anchorStart < 0 ? -1 : event.anchorStart - 1;
  if (event.type === EVENT_ID.ALIAS) return anchor;
  const content = event.type === EVENT_ID.SCALAR ? scalarStart(event, source) : event.start;
  const known = [anchor, event.tagStart, content].filter((start) => start >= 0);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** The parser's values begin inside their quotes, and those of blocks on the line after the `|`. */
function scalarStart({ valueStart, style }: ScalarEvent, source: string): number {
  if (valueStart < 0 || style === SCALAR_STYLE.PLAIN) return valueStart;
  if (style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED) return valueStart - 1;
  const lineStart = source.lastIndexOf('\n', valueStart - 2) + 1;
  const header = source.slice(lineStart, valueStart).search(/[|>][-+0-9]*\s*(?:#.*)?\s*$/);
  return header === -1 ? valueStart : lineStart + header;
}

function endOf(event: Event | undefined): number {
  if (event === undefined) return 0;
  if (event.type === EVENT_ID.SCALAR) return event.valueEnd;
  return event.type === EVENT_ID.ALIAS ? event.anchorEnd : 0;
}
