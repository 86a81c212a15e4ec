import { gzipSync } from 'node:zlib';

import { loadPeer } from '../harness/load-peer.ts';
import { atMost, figure, type Suite } from '../harness/table.ts';

/** As much of `esbuild` as is used. */
interface Esbuild {
  readonly build: (
    options: object,
  ) => Promise<{ readonly outputFiles: readonly { readonly path: string; readonly contents: Uint8Array }[] }>;
}

/** The shortest program that streams one chat, by library. */
const PROGRAMS: Readonly<Record<string, string>> = {
  katamari: `import { Chain } from 'katamari';
    import { openaiCompatible } from 'katamari/openai-compatible';
    const provider = openaiCompatible({ baseURL: 'http://127.0.0.1/v1', model: 'm' });
    for await (const text of new Chain({ provider }).stream({ messages: [] }).tokens()) console.log(text);`,
  'katamari: persona, trim, reflect': `import { Chain, persona, reflect, trim } from 'katamari';
    import { openaiCompatible } from 'katamari/openai-compatible';
    const provider = openaiCompatible({ baseURL: 'http://127.0.0.1/v1', model: 'm' });
    const chain = new Chain({ provider }).use(persona({ name: 'p' })).use(trim({ targetTokens: 1 })).use(reflect());
    for await (const text of chain.stream({ messages: [] }).tokens()) console.log(text);`,
  'katamari: all that the root exports': `export * from 'katamari';`,
  bare: `import { createParser } from 'eventsource-parser';
    const parser = createParser({ onEvent: ({ data }) => console.log(JSON.parse(data)) });
    const { body } = await fetch('http://127.0.0.1/v1/chat/completions');
    for await (const bytes of body.pipeThrough(new TextDecoderStream())) parser.feed(bytes);`,
  'openai SDK': `import OpenAI from 'openai';
    const stream = await new OpenAI({ apiKey: '' }).chat.completions.create({ model: 'm', messages: [], stream: true });
    for await (const chunk of stream) console.log(chunk.choices[0]?.delta.content);`,
  LangChain: `import { ChatOpenAI } from '@langchain/openai';
    for await (const chunk of await new ChatOpenAI({ apiKey: '' }).stream('Hi')) console.log(chunk.content);`,
  'pi-ai': `import { normalizeContext } from '@earendil-works/pi-ai';
    import { stream } from '@earendil-works/pi-ai/api/openai-completions';
    for await (const event of stream({}, normalizeContext({ messages: [] }), {})) console.log(event);`,
  'TanStack AI': `import { chat } from '@tanstack/ai';
    import { openaiCompatibleText } from '@tanstack/ai-openai/compatible';
    for await (const chunk of chat({ adapter: openaiCompatibleText('m', {}), messages: [] })) console.log(chunk);`,
  'OpenAI Agents': `import { Agent, run } from '@openai/agents';
    const result = await run(new Agent({ name: 'a' }), 'Hi', { stream: true });
    for await (const text of result.toTextStream()) console.log(text);`,
  'AI SDK': `import { streamText } from 'ai';
    import { createOpenAI } from '@ai-sdk/openai';
    for await (const text of streamText({ model: createOpenAI({}).chat('m'), prompt: 'Hi' }).textStream) console.log(text);`,
  Mastra: `import { Agent } from '@mastra/core/agent';
    const agent = new Agent({ id: 'a', name: 'a', instructions: '', model: 'openai/m' });
    for await (const text of (await agent.stream('Hi')).textStream) console.log(text);`,
};

/** What the program loads before it answers, in kB; `import()` that waits for a first use is not in it, and stands apart. */
export const bundle: Suite = async () => {
  const { build } = await loadPeer<Esbuild>('esbuild');
  const sizes = new Map<string, { first: number; all: number }>();
  for (const [name, program] of Object.entries(PROGRAMS)) sizes.set(name, await sizeOf(build, program));
  const first = (name: string): number => sizes.get(name)?.first ?? Number.NaN;
  const peers = Object.keys(PROGRAMS).filter((name) => name !== 'bare' && !name.startsWith('katamari'));
  const smallest = Math.min(...peers.map(first));
  return [
    {
      title: 'Bundle of «stream one chat»',
      about:
        'esbuild, minified, gzip −9, in kB: what the program loads at its start, and all of it with what it may load later (without tokenizer tables).',
      columns: ['', 'at the start, kB', 'with all that may come later, kB'],
      rows: Array.from(sizes, ([name, size]) => [name, figure(size.first), figure(size.all)]),
      bars: [
        atMost(
          'the core: all that the root exports',
          20,
          first('katamari: all that the root exports'),
          ' kB',
        ),
        atMost(
          'one streamed chat, with its adapter, to the smallest peer',
          0.5,
          first('katamari') / smallest,
        ),
      ],
    },
  ];
};

async function sizeOf(build: Esbuild['build'], program: string): Promise<{ first: number; all: number }> {
  const { outputFiles } = await build({
    stdin: { contents: program, resolveDir: new URL('..', import.meta.url).pathname, loader: 'js' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    splitting: true,
    write: false,
    outdir: 'out',
    logLevel: 'silent',
    external: ['./o200k-base*', './cl100k-base*', '*.node'],
  });
  const text = (file: { readonly contents: Uint8Array }): string => Buffer.from(file.contents).toString();
  const byName = new Map(outputFiles.map((file) => [file.path.split('/').at(-1) ?? '', text(file)]));
  const atStart = new Set<string>();
  const visit = (name: string): void => {
    if (atStart.has(name) || !byName.has(name)) return;
    atStart.add(name);
    for (const [, target = ''] of (byName.get(name) ?? '').matchAll(/(?:import|from)\s*"\.\/([^"]+)"/g))
      visit(target);
  };
  visit('stdin.js');
  const kB = (names: Iterable<string>): number =>
    [...names].reduce((sum, name) => sum + gzipSync(byName.get(name) ?? '', { level: 9 }).length, 0) / 1000;
  return { first: kB(atStart), all: kB(byName.keys()) };
}
