import type { AttemptLabels, ToolCallEvent } from '../../event.ts';
import { asNumber, asRecord, asText, type JsonRecord } from '../json-record.ts';

interface PartialCall {
  readonly index: number | undefined;
  id: string | undefined;
  name: string | undefined;
  arguments: string;
  providerData: Record<string, unknown> | undefined;
}

const knownFields: ReadonlySet<string> = new Set(['index', 'id', 'type', 'function']);

/** Tool calls of one answer, put together from their pieces. */
export class ToolCalls {
  readonly #calls: PartialCall[] = [];

  get size(): number {
    return this.#calls.length;
  }

  /** Takes the `tool_calls` of one delta. */
  add(deltas: readonly unknown[]): void {
    for (const delta of deltas) {
      const piece = asRecord(delta);
      if (piece !== undefined) this.#addPiece(piece);
    }
  }

  /** The calls whole, in the order in which they began. Where the answer was cut off, calls with half a JSON are left out. */
  toEvents(labels: AttemptLabels, isCutOff: boolean): ToolCallEvent[] {
    const events: ToolCallEvent[] = [];
    for (const { id, name, arguments: text, providerData } of this.#calls) {
      if (name === undefined || (isCutOff && !isJson(text))) continue;
      const event = {
        type: 'tool-call',
        ...labels,
        id: id ?? ownId(labels, events.length),
        name,
        arguments: text === '' ? '{}' : text,
      } as const;
      events.push(providerData === undefined ? event : { ...event, providerData });
    }
    return events;
  }

  #addPiece(piece: JsonRecord): void {
    const id = asText(piece['id']);
    const fn = asRecord(piece['function']);
    const name = asText(fn?.['name']);
    const call = this.#find(asNumber(piece['index']), id, name);
    call.id ??= id;
    call.name ??= name;
    const text = fn?.['arguments'];
    // Some hosts send the arguments as the object itself.
    if (typeof text === 'string') call.arguments += text;
    else if (asRecord(text) !== undefined) call.arguments = JSON.stringify(text);
    for (const [field, value] of Object.entries(piece)) {
      if (!knownFields.has(field)) (call.providerData ??= {})[field] = value;
    }
  }

  /** By index, or by id where the index is missing, or the call under way; a new id under an old index is a new call. */
  #find(index: number | undefined, id: string | undefined, name: string | undefined): PartialCall {
    const found = this.#known(index, id, name);
    const isOther = id !== undefined && name !== undefined && found?.id !== undefined && found.id !== id;
    if (found !== undefined && !isOther) return found;
    const call: PartialCall = { index, id, name, arguments: '', providerData: undefined };
    this.#calls.push(call);
    return call;
  }

  #known(
    index: number | undefined,
    id: string | undefined,
    name: string | undefined,
  ): PartialCall | undefined {
    if (index !== undefined) return this.#calls.findLast((call) => call.index === index);
    if (id !== undefined) return this.#calls.find((call) => call.id === id);
    return name === undefined ? this.#calls.at(-1) : undefined;
  }
}

/** An id for a host that gives none: unique in the run, and letters, digits and `_` only. */
function ownId({ req_id, call, attempt }: AttemptLabels, position: number): string {
  const run = req_id.replace(/[^A-Za-z0-9]/g, '').slice(-12);
  return `call_${run}_${call}_${attempt}_${position}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
