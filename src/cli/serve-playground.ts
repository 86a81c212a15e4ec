import { serveDev } from '../node/serve-dev.ts';
import { print, tell } from './output.ts';
import type { ServeCommandOptions } from './serve-chains.ts';
import { closeAtSignal } from './until-signal.ts';

/** How long runs may take once a signal has come, in milliseconds. */
const END_MS = 1000;

/** Serves the playground until a signal comes. */
export async function servePlayground({ port, personas }: ServeCommandOptions): Promise<void> {
  const server = await serveDev({
    port,
    ...(personas !== undefined && { personas }),
    watchPersonas: {
      onChange: ({ id, after }) => {
        tell(`persona ${id} ${after ? 'is as its file is' : 'has gone'}`);
      },
      onFault: ({ message, frame = '' }) => {
        tell(`${message}\n${frame}`, 'yellow');
      },
      onMended: (file) => {
        tell(`${file} is in order again`);
      },
    },
  });
  closeAtSignal(() => server.close({ timeoutMs: END_MS }));
  await print(`The playground is at ${server.url}\n`);
}
