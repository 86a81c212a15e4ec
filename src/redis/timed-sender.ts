import type { Clock } from '../clock.ts';
import { KatamariError } from '../errors.ts';
import type { SendCommand } from './redis-client.ts';

/**
 * Commands that fail rather than wait for ever: a client that has lost its server queues them until it is back.
 *
 * @throws KatamariError `connection` where Redis does not answer in time, or refuses
 */
export function timedSender(send: SendCommand, clock: Clock, timeoutMs: number): SendCommand {
  return (command) =>
    new Promise((resolve, reject) => {
      const cancel = clock.after(timeoutMs, () => {
        reject(failed(`did not answer within ${timeoutMs} ms`));
      });
      send(command).then(
        (reply) => {
          cancel();
          resolve(reply);
        },
        (error: unknown) => {
          cancel();
          reject(failed('refused or broke off a command', error));
        },
      );
    });
}

/** The text of the client's own error stays behind: it may hold the address, with its password. */
function failed(what: string, cause?: unknown): KatamariError {
  return new KatamariError('connection', `Redis, which holds the event log, ${what}.`, {
    retryable: true,
    cause,
  });
}
