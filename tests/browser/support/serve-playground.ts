/** The playground as a process of its own, to be killed: PORT, the folder of the build, and the pace in tokens per second. */
import { serveDev } from 'katamari/node';

const [port, assets = '', pace] = process.argv.slice(2);
const { url } = await serveDev({ port: Number(port), assets, localTokensPerSecond: Number(pace) });
process.stdout.write(`${url}\n`);
