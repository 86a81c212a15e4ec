/** The part of express that the tests use; its types are a package of their own, which nothing else here needs. */
declare module 'express' {
  import type { IncomingMessage, Server, ServerResponse } from 'node:http';

  type Listener = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

  interface Application {
    all(path: string, listener: Listener): Application;
    use(listener: Listener): Application;
    listen(port: number, host: string): Server;
  }

  const express: { (): Application; json(): Listener };
  export default express;
}
