// A chat kept from turn to turn, saved and taken up again.
import { Chain, Conversation, trim } from 'katamari';
import { local } from 'katamari/local';

const chain = new Chain({ provider: local() }).use(trim({ targetTokens: 2048 }));

const first = new Conversation({ chain });
await first.send('Our staging database is called kaede-2 and is rebuilt every Sunday at 03:00.').result();
const saved = JSON.stringify(first);

const later = Conversation.fromJSON(JSON.parse(saved), { chain });
const { text } = await later.send('When is the staging database rebuilt?').result();
console.log(text);
console.log(`${later.messages.length} messages`);
