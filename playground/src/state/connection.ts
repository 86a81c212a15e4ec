import { signal } from '@preact/signals';

import { requestJson } from '../api/request-json.ts';

export type Connection = 'connecting' | 'online' | 'offline';

/** Whether the server answers. */
export const connection = signal<Connection>('connecting');

/** Between two questions whether the server is there, in milliseconds. */
const CALM_MS = 5000;
const LOST_MS = 1000;

/**
 * Asks the server now and then whether it is there, more often while it is not.
 *
 * @param onReturn - called when it is there for the first time, and whenever it is there again
 */
export function watchConnection(onReturn: () => Promise<void>): void {
  const check = async (): Promise<void> => {
    try {
      await requestJson('healthz');
      if (connection.value !== 'online') await onReturn();
      connection.value = 'online';
    } catch {
      connection.value = 'offline';
    }
    setTimeout(() => void check(), connection.value === 'online' ? CALM_MS : LOST_MS);
  };
  void check();
}
