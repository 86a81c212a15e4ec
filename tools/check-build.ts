/*
 * Loads every entry point of the build as an app does, and runs a chain through it: what the bundler put together is in the right order.
 *
 *   npm run build && npm run build:check
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { Chain, forbid, persona, reflect, trim } from 'katamari';
import { local } from 'katamari/local';

const { name, exports } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | object>>;
};

/** Those that are code: `package.json` and the schema are files. */
const entries = Object.entries(exports).filter(([, target]) => typeof target !== 'string');
for (const [path] of entries) await import(path.replace('.', name));

const engineer = { name: 'engineer', style: 'Plain.', forbid: ['foobarbaz'] };
const chain = new Chain({ provider: local() })
  .use(persona(engineer))
  .use(forbid('persona'))
  .use(trim({ targetTokens: 600 }))
  .use(reflect());
const messages = Array.from({ length: 201 }, (_, at) => ({
  role: at % 2 === 0 ? ('user' as const) : ('assistant' as const),
  content: `Message ${at}: we moved the server to rack ${at}. 引っ越しは${at}日です。`,
}));
const { text, metrics } = await chain.stream({ messages, model: 'gpt-5-mini' }).result();
assert.notEqual(text, '');
assert.ok(metrics.compress_ratio < 1);
console.log(`${entries.length} entry points load, and a chain runs`);
