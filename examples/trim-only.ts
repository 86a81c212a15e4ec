// Trim as a plain function, without a chain: what is kept of a long history, and why.
import { readFile } from 'node:fs/promises';

import type { Message } from 'katamari';
import { loadCounter } from 'katamari/tokens';
import { explainTrim, trimMessages } from 'katamari/trim';

const file = new URL('data/launch-week.json', import.meta.url);
const { messages, question } = JSON.parse(await readFile(file, 'utf8')) as {
  messages: Message[];
  question: string;
};

const history: Message[] = [...messages, { role: 'user', content: question }];
const result = trimMessages(history, { targetTokens: 1500, counter: await loadCounter('gpt-5-mini') });
console.log(explainTrim(result.report));
