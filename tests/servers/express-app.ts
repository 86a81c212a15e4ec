/** An app of Express with katamari in it, as a program of its own: prints its address and ends with its input. */
import type { AddressInfo } from 'node:net';

import express from 'express';
import { Chain } from 'katamari';
import { nodeListener } from 'katamari/node';
import { createHandler } from 'katamari/server';
import { scriptedProvider } from 'katamari/testing';

const chainOf = (script: object): Chain => new Chain({ provider: scriptedProvider([() => script]) });
const handler = createHandler({
  chains: {
    default: chainOf({ text: ['Good ', 'day'], delayMs: 1 }),
    hanging: chainOf({ text: 'so far', hang: true }),
  },
  auth: 'none',
  basePath: '/ai',
});

const app = express();
app.all('/ai/{*path}', nodeListener(handler));
app.use(express.json());
const server = app.listen(0, '127.0.0.1');
server.once('listening', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.stdin.resume().once('end', () => process.exit());
