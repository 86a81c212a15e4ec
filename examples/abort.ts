// Leaving the loop stops the run at once; text and figures stay.
import { Chain } from 'katamari';
import { scriptedProvider } from 'katamari/testing';

const words = Array.from({ length: 1000 }, (_, index) => `${index} `);
const chain = new Chain({ provider: scriptedProvider([{ text: words, delayMs: 1 }]) });

const run = chain.stream({ messages: [{ role: 'user', content: 'Count.' }] });
for await (const text of run.tokens()) {
  process.stdout.write(text);
  if (text === '9 ') break;
}
const { finishReason, metrics } = await run.result();
console.log(`\n${finishReason}, token_out ${metrics.token_out}, estimated: ${metrics.estimated}`);
