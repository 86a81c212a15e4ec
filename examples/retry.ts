// A provider that is overloaded twice: the chain waits, tries again, and tells of it.
import { Chain } from 'katamari';
import { providerError, scriptedProvider } from 'katamari/testing';

const busy = { error: providerError('overloaded', { status: 529 }) };
const provider = scriptedProvider([busy, busy, 'Here at last.']);
const chain = new Chain({ provider, retry: { baseDelayMs: 10 } });

const run = chain.stream({ messages: [{ role: 'user', content: 'Are you there?' }] });
for await (const event of run) {
  if (event.type === 'attempt-end' && event.outcome === 'failed') {
    console.log(
      `attempt ${event.attempt}: ${event.error?.code}, next in ${Math.round(event.delayMs ?? 0)} ms`,
    );
  }
}
console.log(run.text);
