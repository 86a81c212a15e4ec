/**
 * The JSON value in a model's answer: the whole text, else what stands in a code fence, else the part from the first bracket to the last.
 *
 * @returns `undefined` where there is none
 */
export function parseJsonAnswer(
  text: string,
): { readonly value: unknown; readonly json: string } | undefined {
  const fenced = /```(?:json)?\s*\n([^]*?)\n?```/i.exec(text)?.[1];
  const start = text.search(/[{[]/);
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'));
  const embedded = start >= 0 && end > start ? text.slice(start, end + 1) : undefined;
  for (const candidate of [text, fenced, embedded]) {
    const json = candidate?.trim();
    if (json === undefined || json === '') continue;
    try {
      return { value: JSON.parse(json), json };
    } catch {
      // The next candidate may be one.
    }
  }
  return undefined;
}
