/**
 * Ids of tool calls for one request: letters, digits, `_` and `-` only, and none twice, as vendors give the same id in several answers. Calls
 * and results come in pairs and in order, so a result takes the id of the oldest open call that had its own.
 */
export class ToolIds {
  readonly #used = new Set<string>();
  readonly #open = new Map<string, string[]>();

  /** The id to send for a call. */
  call(id: string): string {
    const clean = id.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, maxLength) || 'call';
    let unique = clean;
    for (let count = 2; this.#used.has(unique); count += 1) unique = `${clean}_${count}`;
    this.#used.add(unique);
    this.#open.set(id, [...(this.#open.get(id) ?? []), unique]);
    return unique;
  }

  /** The id to send for a result, which answers a call that came before. */
  result(id: string): string {
    return this.#open.get(id)?.shift() ?? id;
  }
}

/** OpenAI's Responses take 64 characters; room is left for a number. */
const maxLength = 58;
