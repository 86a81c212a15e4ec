// Everything a run tells, one line an event: phases, trims, metrics.
import { Chain, reflect, trim } from 'katamari';
import { local } from 'katamari/local';

const chain = new Chain({ provider: local() }).use(trim({ targetTokens: 1024 })).use(reflect());
const messages = [
  { role: 'user', content: '会議は金曜日の15時から、会議室かえでで行います。' },
  { role: 'assistant', content: '承知しました。' },
  { role: 'user', content: '会議はいつ、どこで行いますか?' },
] as const;

for await (const event of chain.stream({ messages })) {
  if (event.type === 'token') console.log(`token    ${event.phase.padEnd(8)} ${event.text}`);
  else if (event.type === 'metrics')
    console.log(`metrics  ${event.scope.padEnd(8)} ${event.token_in} → ${event.token_out}`);
  else console.log(event.type);
}
