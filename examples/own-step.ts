// A step of one's own in ten lines: it tells the model the date.
import { Chain, rewriteStep } from 'katamari';
import { scriptedProvider } from 'katamari/testing';

const today = rewriteStep({
  name: 'today',
  stage: 'prompt',
  rewrite: (request) => ({
    ...request,
    messages: [{ role: 'system', content: `Today is ${new Date().toDateString()}.` }, ...request.messages],
  }),
});

// This provider says what it was told, so that the step can be seen.
const provider = scriptedProvider([({ messages }) => `I was told: ${String(messages[0]?.content)}`]);
const run = new Chain({ provider }).use(today).stream({ messages: [{ role: 'user', content: 'Which day is it?' }] });
console.log((await run.result()).text);
