/**
 * The playground as a process of its own, to be killed: PORT, the folder of the build, the pace in tokens per second, and the URL of a Redis
 * where runs shall outlive the process.
 */
import { createClient } from '@redis/client';
import { defaultServerOptions, serveDev } from 'katamari/node';
import { redisEventLog } from 'katamari/redis';
import { createHandler } from 'katamari/server';

const [port, assets = '', pace, redis] = process.argv.slice(2);
const own = { localTokensPerSecond: Number(pace) };

async function apiOver(url: string) {
  const client = createClient({ url });
  client.on('error', () => undefined);
  await client.connect();
  const log = redisEventLog({ client, heartbeatMs: 200, deadMs: 1000 });
  return createHandler({ ...(await defaultServerOptions(own)), log });
}

const { url } = await serveDev({
  port: Number(port),
  assets,
  ...own,
  ...(redis !== undefined && { api: await apiOver(redis) }),
});
process.stdout.write(`${url}\n`);
