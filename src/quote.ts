/**
 * Puts a text into a fenced block with a label, so that it is read as data and not as an instruction. The fence is one tilde longer than
 * the longest run of tildes in the text, at least four: nothing in the text can close the block, whatever it says.
 *
 * @param label one word, which {@link readQuoted} finds the block by
 */
export function quoteAsData(label: string, text: string): string {
  let longest = 3;
  for (const run of text.match(/~{4,}/g) ?? []) longest = Math.max(longest, run.length);
  const fence = '~'.repeat(longest + 1);
  return `${fence} ${label}\n${text}\n${fence}`;
}

/** The text of the first block with that label, word for word, or `undefined`. A block inside another block is not seen. Linear. */
export function readQuoted(label: string, text: string): string | undefined {
  const lines = text.split('\n');
  const closings = closingLines(lines);
  for (let at = 0; at < lines.length; at += 1) {
    const [, fence, found] = /^(~{4,}) (\S+)$/.exec(lines[at] ?? '') ?? [];
    if (fence === undefined) continue;
    const ends = closings.get(fence);
    while ((ends?.at(-1) ?? Infinity) <= at) ends?.pop();
    const end = ends?.at(-1);
    if (end === undefined) continue;
    if (found === label) return lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return undefined;
}

/** Where each fence stands alone on its line, the last place first: only there can a block end. */
function closingLines(lines: readonly string[]): Map<string, number[]> {
  const closings = new Map<string, number[]>();
  for (let at = lines.length - 1; at >= 0; at -= 1) {
    const line = lines[at] ?? '';
    if (!/^~{4,}$/.test(line)) continue;
    const known = closings.get(line);
    if (known === undefined) closings.set(line, [at]);
    else known.push(at);
  }
  return closings;
}
