import { EVENT_ID, getScalarValue, SCALAR_STYLE, type Event, type ScalarEvent } from 'js-yaml';

/** Where the parts of a persona stand in its source: offsets, which {@link lineAndColumn} turns into what an editor shows. */
export interface PersonaPlaces {
  /** The root value. */
  readonly root: number;
  /** Keys of the root mapping, in order. */
  readonly keys: readonly { readonly key: string; readonly at: number }[];
  /** Values of the root mapping by key. A value that is left out has its key's place. */
  readonly values: ReadonlyMap<string, number>;
  /** Elements of the lists in the root mapping, by key. */
  readonly elements: ReadonlyMap<string, readonly number[]>;
}

/** Reads the places out of the parser's events, as far as a persona goes: keys, values and list elements. */
export function placesOf(events: readonly Event[], source: string): PersonaPlaces {
  const root = startOf(events[1], source) ?? 0;
  const keys: { key: string; at: number }[] = [];
  const values = new Map<string, number>();
  const elements = new Map<string, readonly number[]>();
  if (events[1]?.type === EVENT_ID.MAPPING) {
    for (let index = 2; index < events.length && events[index]?.type !== EVENT_ID.POP;) {
      const name = events[index];
      const value = afterNode(events, index);
      const key =
        name?.type === EVENT_ID.SCALAR && name.valueStart >= 0 ? getScalarValue(source, name) : 'null';
      const at = startOf(name, source) ?? root;
      keys.push({ key, at });
      values.set(key, startOf(events[value], source) ?? at);
      if (events[value]?.type === EVENT_ID.SEQUENCE) elements.set(key, elementsOf(events, value, source));
      index = afterNode(events, value);
    }
  }
  return { root, keys, values, elements };
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

function elementsOf(events: readonly Event[], sequence: number, source: string): number[] {
  const places: number[] = [];
  let end = startOf(events[sequence], source) ?? 0;
  for (let index = sequence + 1; index < events.length && events[index]?.type !== EVENT_ID.POP;) {
    const next = afterNode(events, index);
    // An element that is left out has no place of its own: its dash stands for it.
    const at = startOf(events[index], source) ?? dashAfter(source, end);
    places.push(at);
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
