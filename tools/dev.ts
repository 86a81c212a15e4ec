/** The playground, from this clone: `npm run dev`, or `npm run dev -- --port 8080 --personas FOLDER`. */
import { parseArgs } from 'node:util';

import { isKatamariError } from 'katamari';
import { serveDev } from 'katamari/node';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string' }, personas: { type: 'string' } } });
  const server = await serveDev({
    ...(values.port !== undefined && { port: Number(values.port) }),
    ...(values.personas !== undefined && { personas: values.personas }),
    watchPersonas: {
      onChange: ({ id, after }) =>
        process.stdout.write(`persona ${id} ${after ? 'is as its file is' : 'has gone'}\n`),
      onFault: ({ message, frame = '' }) => process.stderr.write(`${message}\n${frame}\n`),
      onMended: (file) => process.stdout.write(`${file} is in order again\n`),
    },
  });
  process.stdout.write(`The playground is at ${server.url}\n`);
  const stop = (): void => {
    void server.close({ timeoutMs: 1000 });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  const message = isKatamariError(error) ? `${error.code}: ${error.message}` : String(error);
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
});
