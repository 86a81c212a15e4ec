// A chain of three steps over the embedded default: no key, no network.
import { Chain, persona, reflect, trim } from 'katamari';
import { local } from 'katamari/local';

const chain = new Chain({ provider: local() })
  .use(persona({ name: 'brief', style: 'Answer in one or two sentences.' }))
  .use(trim({ targetTokens: 1024 }))
  .use(reflect());

const run = chain.stream({
  messages: [
    { role: 'user', content: 'The workshop moved to Thursday, 14:00, because the projector is in repair.' },
    { role: 'assistant', content: 'Noted: Thursday at 14:00.' },
    { role: 'user', content: 'Why did the workshop move, and to when?' },
  ],
});
for await (const text of run.tokens()) process.stdout.write(text);
process.stdout.write('\n');
