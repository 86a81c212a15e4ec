/*
 * A host to be killed: the whole server over an event log in Redis. Prints its port.
 *
 *   node --conditions=@katamari/source tests/servers/redis-host.ts <redis url> <tokens>
 */
import { createClient } from '@redis/client';
import { Chain } from 'katamari';
import { serve } from 'katamari/node';
import { redisEventLog } from 'katamari/redis';
import { createHandler } from 'katamari/server';
import { scriptedProvider } from 'katamari/testing';

const [url = '', tokens = '1000'] = process.argv.slice(2);
const client = createClient({ url });
client.on('error', () => undefined);
await client.connect();
const text = Array.from({ length: Number(tokens) }, (_, index) => `${index} `);
const handler = createHandler({
  chains: { default: new Chain({ provider: scriptedProvider([{ text, delayMs: 2 }]) }) },
  auth: { keys: [{ id: 'web', key: 'key-of-the-web-app' }] },
  log: redisEventLog({ client, heartbeatMs: 100, deadMs: 500 }),
});
const { port } = await serve(handler, { port: 0 });
console.log(port);
