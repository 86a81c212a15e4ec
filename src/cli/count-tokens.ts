import { loadCounter } from '../tokens/load-counter.ts';
import { mediaOf } from '../tokens/media-by-model.ts';
import { countRequest } from '../tokens/request-counter.ts';
import { parseHistory } from './history.ts';
import { print, tell } from './output.ts';
import { readInput } from './read-input.ts';

/** What `katamari tokens` is told. */
export interface TokensOptions {
  readonly model?: string;
  readonly text?: string;
  readonly messages?: true;
  readonly json?: true;
}

/** A number per file; with the file's name where there are several. */
export async function countTokens(files: readonly string[], options: TokensOptions): Promise<void> {
  const { text, json } = options;
  const model = options.model ?? process.env['KATAMARI_MODEL'] ?? '';
  const counter = await loadCounter(model);
  const count = (content: string): number =>
    options.messages === undefined
      ? counter.count(content)
      : countRequest({ messages: parseHistory(content).messages }, counter, mediaOf(model));
  const counts: { file: string | null; tokens: number }[] = [];
  if (text !== undefined) counts.push({ file: null, tokens: count(text) });
  else
    for (const file of files.length === 0 ? ['-'] : files)
      counts.push({ file, tokens: count(await readInput(file, 'The text')) });
  for (const { file, tokens } of counts) {
    const { name: tokenizer, exact } = counter;
    if (json !== undefined) {
      await print(
        `${JSON.stringify({ file, tokens, model: model === '' ? null : model, tokenizer, exact })}\n`,
      );
    } else await print(counts.length > 1 ? `${tokens} ${file}\n` : `${tokens}\n`);
  }
  if (!counter.exact && json === undefined) {
    const why = model === '' ? 'no --model is named' : `the tokenizer of ${model} is not public`;
    tell(`estimated: ${why}.`, 'dim');
  }
}
