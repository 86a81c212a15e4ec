// A step of one's own in ten lines: it tells the model the date.
import { Chain, rewriteStep, textOf } from 'katamari';
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
const provider = scriptedProvider([({ messages }) => `I was told: ${messages.map(textOf)[0]}`]);
const run = new Chain({ provider })
  .use(today)
  .stream({ messages: [{ role: 'user', content: 'Which day is it?' }] });
console.log((await run.result()).text);
