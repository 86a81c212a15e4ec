import type { CritiqueIssue } from '../event.ts';

/** Marks for each issue whether the draft holds the words it quotes, but for case, width, quotation marks and white space. */
export function checkQuotes(issues: readonly CritiqueIssue[], draft: string): readonly CritiqueIssue[] {
  const text = folded(draft);
  return issues.map((issue) =>
    issue.quote === undefined ? issue : { ...issue, inDraft: holds(text, issue.quote) },
  );
}

/** A critic may leave words out: the parts of its quote must follow one another. */
function holds(text: string, quote: string): boolean {
  const parts = quote
    .split(/…|\.{3}|⋯/)
    .map(folded)
    .filter((part) => part !== '');
  let at = 0;
  for (const part of parts) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return parts.length > 0;
}

function folded(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[\s"'`“”‘’「」『』«»*_]+/g, '');
}
