/** What is used of a client of node-redis (`redis`, `@redis/client`), version 5 or 6. */
export interface NodeRedisClient {
  /** Sends one command. */
  sendCommand(command: string[]): Promise<unknown>;
  /** A second client of the same server. */
  duplicate(): NodeRedisDuplicate;
}

/** A second connection of node-redis. */
export interface NodeRedisDuplicate {
  /** Sends one command. */
  sendCommand(command: string[]): Promise<unknown>;
  /** Opens the connection. */
  connect(): Promise<unknown>;
  /** Ends the connection at once. */
  destroy(): void;
  /** Hears of errors between commands. */
  on(event: 'error', listener: (error: unknown) => void): unknown;
}

/** What is used of a client of ioredis. */
export interface IoRedisClient {
  /** Sends one command. */
  call(command: string, ...parameters: string[]): Promise<unknown>;
  /** A second client of the same server. */
  duplicate(): IoRedisDuplicate;
}

/** A second connection of ioredis, which connects by itself. */
export interface IoRedisDuplicate {
  /** Sends one command. */
  call(command: string, ...parameters: string[]): Promise<unknown>;
  /** Ends the connection at once. */
  disconnect(): void;
  /** Hears of errors between commands. */
  on(event: 'error', listener: (error: unknown) => void): unknown;
}

/** A client that is connected already, and stays the caller's: it is never blocked and never closed. */
export type RedisClient = NodeRedisClient | IoRedisClient;

/** Sends one command. Replies are strings, numbers, `null` and arrays of them. */
export type SendCommand = (command: string[]) => Promise<unknown>;

/** A connection of our own, for commands that block. */
export interface OwnConnection {
  readonly send: SendCommand;
  /** Ends it at once, with the command that is under way. */
  close(): void;
}

/** Sends over the caller's connection. */
export function senderOf(client: RedisClient): SendCommand {
  if ('call' in client) return ([name = '', ...parameters]) => client.call(name, ...parameters);
  return (command) => client.sendCommand(command);
}

/** Opens a second connection to the same server. Errors between commands are the client's to mend; the command that fails says so. */
export async function openConnection(client: RedisClient): Promise<OwnConnection> {
  if ('call' in client) {
    const duplicate = client.duplicate();
    duplicate.on('error', ignore);
    return {
      send: ([name = '', ...parameters]) => duplicate.call(name, ...parameters),
      close: () => duplicate.disconnect(),
    };
  }
  const duplicate = client.duplicate();
  duplicate.on('error', ignore);
  await duplicate.connect();
  return { send: (command) => duplicate.sendCommand(command), close: () => duplicate.destroy() };
}

function ignore(): void {
  // Without a listener the process would end.
}
