import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { defineConfig, type Options } from 'tsup';

type Manifest = {
  bin: Record<string, string>;
  exports: Record<string, string | { '@katamari/source': string }>;
};

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest;

/** The entry points are the source files that package.json exports, and its command, so that the two cannot disagree. */
const entry = [
  ...Object.values(manifest.exports).flatMap((target) =>
    typeof target === 'string' ? [] : [target['@katamari/source']],
  ),
  ...Object.values(manifest.bin).map((file) => file.replace(/^dist\/(.*)\.js$/, 'src/$1.ts')),
];

/**
 * What is loaded together anyway, in few files: to open one costs as much as to read thirty kB. Left to itself the bundler makes a file of every
 * module that some entry point needs and another does not, twenty of them for the root. What everybody needs; what a chain is made of; how to
 * speak HTTP and read its errors; how to speak a provider's protocol.
 */
const together: readonly (readonly string[])[] = [
  [
    'attempt-events',
    'check-request',
    'clock',
    'defer',
    'errors',
    'language',
    'message',
    'one-by-one',
    'persona-labels',
    'rewrite-step',
    'run/close-quietly',
    'structured/parse-json-answer',
    'structured/standard-schema',
    'tokens/estimate-tokens',
    'tokens/image-tokens',
    'tokens/output-estimate',
    'tokens/request-counter',
    'tokens/token-scan',
  ],
  [
    'chain',
    'conversation',
    'log/records',
    'log/request-log',
    'persona/guard/forbid-step',
    'persona/json-length',
    'persona/persona-hash',
    'persona/persona-limits',
    'persona/persona-step',
    'reflect/reflect-step',
    'run',
    'run/answer-account',
    'run/attempt',
    'run/call-provider',
    'run/prompt-estimate',
    'run/run-account',
    'run/run-budget',
    'run/run-engine',
    'run/text-buffer',
    'run/watchdog',
    'trim/summary/summary-options',
    'trim/trim',
    'trim/trim-options',
  ],
  [
    'http/connection-error',
    'http/fetch-or-abort',
    'http/headers',
    'http/map-http-error',
    'http/read-bounded',
    'http/release-body',
    'http/retry-after',
    'wire/classify-error',
    'wire/json-record',
    'wire/json-text',
    'wire/redact',
    'wire/to-provider-error',
    'wire/utf8-decoder',
    'wire/vendor-error',
  ],
  [
    'http/exchange',
    'http/post-stream',
    'http/stream-answer',
    'providers/client-body',
    'providers/client-error',
    'providers/endpoint-url',
    'providers/provider-over',
    'providers/read-environment',
    'providers/required-key',
    'providers/wire-provider',
    'wire/answer-writer',
    'wire/event-template',
    'wire/media-source',
    'wire/pair-tools',
    'wire/parse-data',
    'wire/speaker',
    'wire/sse-feed',
    'wire/tool-ids',
  ],
];

type Plugin = NonNullable<Options['esbuildPlugins']>[number];

/** Lets the modules of a group import one another, so that whoever needs one of them loads the same file. */
const groups: Plugin = {
  name: 'groups',
  setup(build) {
    build.onLoad({ filter: /[/\\]src[/\\].*\.ts$/ }, ({ path }) => {
      const name = relative('src', path).replaceAll('\\', '/').replace(/\.ts$/, '');
      const group = together.find((names) => names.includes(name));
      if (group === undefined) return undefined;
      const others = group
        .filter((other) => other !== name)
        .map((other) => join(process.cwd(), 'src', `${other}.ts`));
      const imports = others.map((other) => `import ${JSON.stringify(other)};`).join('\n');
      return { contents: `${readFileSync(path, 'utf8')}\n${imports}`, loader: 'ts' };
    });
  },
};

export default defineConfig({
  esbuildPlugins: [groups],
  esbuildOptions(options) {
    // The imports that make a group are for its sake alone.
    options.logOverride = { 'ignored-bare-import': 'silent' };
  },
  entry,
  outDir: 'dist',
  format: ['esm'],
  target: 'node22',
  platform: 'neutral',
  splitting: true,
  sourcemap: true,
  clean: true,
  dts: false,
});
