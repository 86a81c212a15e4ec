import { readFileSync } from 'node:fs';

import type { Message } from '../src/message.ts';
import { loadCounter } from '../src/tokens/load-counter.ts';
import { explainTrim } from '../src/trim/explain-trim.ts';
import { trimMessages } from '../src/trim/trim-messages.ts';

interface Recorded {
  readonly title: string;
  readonly question: string;
  readonly messages: readonly Message[];
}

/** What is shown: a conversation of `examples/data`, and a budget in tokens. */
const SHOWN = [
  { file: 'launch-week', targetTokens: 1536 },
  { file: 'kaigi', targetTokens: 768 },
] as const;

/** The page `docs/trim-account.md`: what a trim says of two real conversations, one in English and one in Japanese. */
export async function trimAccount(): Promise<string> {
  const counter = await loadCounter('gpt-5-mini');
  const sections = SHOWN.map(({ file, targetTokens }) => {
    const recorded = JSON.parse(
      readFileSync(new URL(`../examples/data/${file}.json`, import.meta.url), 'utf8'),
    ) as Recorded;
    const messages: Message[] = [...recorded.messages, { role: 'user', content: recorded.question }];
    const { report } = trimMessages(messages, { targetTokens, counter });
    const facts = Object.entries(report.facts?.kinds ?? {});
    return [
      `## \`examples/data/${file}.json\``,
      recorded.title,
      `> ${recorded.question}`,
      `\`\`\`text\n${explainTrim(report, messages)}\n\`\`\``,
      `Facts that are left, of those in what could be dropped: ${((report.facts?.overall ?? 0) * 100).toFixed(0)} % of all.`,
      [
        `| ${facts.map(([kind]) => kind).join(' | ')} |`,
        `|${facts.map(() => '--:|').join('')}`,
        `| ${facts.map(([, { before, kept }]) => `${kept} of ${before}`).join(' | ')} |`,
      ].join('\n'),
    ].join('\n\n');
  });
  return `${[HEAD, ...sections].join('\n\n')}\n`;
}

const HEAD = `# What a trim says

\`explainTrim(report, messages)\` on two real conversations, with all defaults and the tokenizer of a model of OpenAI (\`await loadCounter('gpt-5-mini')\`). The last
message is the question. A line per message: its place, who says it, its fate, why, its tokens, and how it begins; neighbours that are
dropped for one reason share a line. [The guide](guides/trim.md#why-a-message-is-where-it-is) explains the reasons. This page is written by
\`tools/write-trim-account.ts\`, and a test holds it.`;
