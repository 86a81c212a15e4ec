import type { WholeCall } from '../answer-writer.ts';
import { asText, type JsonRecord } from '../json-record.ts';

/** The function calls of one answer, each told once however often it is named. */
export class FunctionCalls {
  readonly #calls = new Map<string, WholeCall & { readonly isWhole: boolean }>();

  /** Takes an item of type `function_call`. */
  add(item: JsonRecord): void {
    const id = asText(item['call_id']) ?? asText(item['id']);
    const name = asText(item['name']);
    if (name === undefined) return;
    const text = asText(item['arguments']) ?? '';
    const isWhole = item['status'] !== 'incomplete';
    const key = id ?? `${name} ${text}`;
    if (!this.#calls.has(key)) this.#calls.set(key, { id, name, arguments: text, isWhole });
  }

  /** The calls in the order in which they came; those that were cut off are left out. */
  whole(isCutOff: boolean): WholeCall[] {
    const calls: WholeCall[] = [];
    for (const { isWhole, ...call } of this.#calls.values())
      if (isWhole && (!isCutOff || isJson(call.arguments))) calls.push(call);
    return calls;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
