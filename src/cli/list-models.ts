import type { ModelEntry } from '../models/model-entry.ts';
import { models } from '../models/models.ts';
import { exitCodes } from './exit-codes.ts';
import { print, printJson, tell } from './output.ts';
import { table } from './table.ts';

/** What `katamari models` is told. */
export interface ModelsOptions {
  readonly provider?: string;
  readonly json?: true;
}

const HEADS = ['model', 'provider', 'type', 'window', 'output', 'tokenizer', '$ in', '$ out'];
const NUMBERS: ReadonlySet<number> = new Set([3, 4, 6, 7]);

/** What the registry knows, as a table or as JSON; nothing found is told, and exit code 1. */
export async function listModels(filter: string | undefined, options: ModelsOptions): Promise<void> {
  const { provider, json } = options;
  const found = models.entries.filter((entry) => fits(entry, filter, provider));
  if (found.length === 0) {
    tell(
      `not-found: no model of the registry fits. katamari models lists all ${models.entries.length}.`,
      'red',
    );
    process.exitCode = exitCodes.failed;
  }
  if (json !== undefined) await printJson(found);
  else if (found.length > 0) await print(table([HEADS, ...found.map(rowOf)], NUMBERS));
}

function fits({ id, aliases = [], provider: vendor }: ModelEntry, filter = '', provider?: string): boolean {
  const wanted = filter.toLowerCase();
  const isNamed = [id, ...aliases].some((name) => name.toLowerCase().includes(wanted));
  return isNamed && (provider === undefined || vendor === provider || id.startsWith(`${provider}/`));
}

function rowOf({ id, provider, type, contextWindow, maxOutput, tokenizer, prices }: ModelEntry): string[] {
  return [
    id,
    provider,
    type,
    known(contextWindow),
    known(maxOutput),
    tokenizer ?? '–',
    known(prices.input),
    known(prices.output),
  ];
}

function known(value: number | null): string {
  return value === null ? '–' : String(value);
}
