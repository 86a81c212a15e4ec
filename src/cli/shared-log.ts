import { KatamariError } from '../errors.ts';
import { redisEventLog } from '../redis/redis-event-log.ts';
import type { EventLog } from '../sse/event-log.ts';

/** A log that several hosts share, and how to let go of it. */
export interface SharedLog {
  readonly log: EventLog;
  close(): Promise<void>;
}

/** How long the first connection may take, in milliseconds. */
const CONNECT_MS = 5000;

/**
 * The event log in the Redis at `url`. A Redis that goes away later is waited for: the client connects again by itself, and health says meanwhile
 * that the log does not answer.
 *
 * @throws KatamariError code `invalid-input` where none answers, or the package `@redis/client` is not installed
 */
export async function sharedLog(url: string): Promise<SharedLog> {
  const { createClient } = await import('@redis/client').catch((cause: unknown) => {
    throw new KatamariError('invalid-input', 'KATAMARI_REDIS_URL needs `npm i @redis/client`.', { cause });
  });
  let isUp = false;
  try {
    const client = createClient({
      url,
      // A wrong address is told at once. One that has been right is tried again for ever, every second at the latest.
      socket: {
        connectTimeout: CONNECT_MS,
        reconnectStrategy: (retries) => isUp && Math.min(50 * 2 ** retries, 1000),
      },
      // What waits for a Redis that is gone should fail, and not be sent much later.
      disableOfflineQueue: true,
    });
    client.on('error', () => undefined);
    await client.connect();
    isUp = true;
    const log = redisEventLog({ client });
    return {
      log,
      async close() {
        log.close();
        await client.close();
      },
    };
  } catch (cause) {
    // The URL may hold a password, so it is not repeated.
    throw new KatamariError('invalid-input', 'KATAMARI_REDIS_URL: no Redis answers there.', { cause });
  }
}
