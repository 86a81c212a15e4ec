// One JSON line per run, to any logger with `.info` or stream with `.write`; no message text stands in it.
import { Chain, requestLog, trim } from 'katamari';
import { local } from 'katamari/local';

const chain = new Chain({ provider: local(), name: 'support', observers: [requestLog(process.stdout)] }).use(
  trim({ targetTokens: 512 }),
);
await chain.stream({ messages: [{ role: 'user', content: 'Where is my parcel?' }] }).result();
