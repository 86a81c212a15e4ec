import type { Setup } from '../state/setup.ts';

/** A provider as a program makes it. */
interface ProviderCode {
  readonly imported: string;
  readonly made: string;
}

const own: Readonly<Record<string, string>> = { openai: 'openai', anthropic: 'anthropic', google: 'google' };

/**
 * A program that runs what the playground ran.
 *
 * @param yaml - the persona's YAML; empty without one
 */
export function codeSample(setup: Setup, yaml: string): string {
  const { trim, reflect, rounds, budget, strategy } = setup;
  const provider = providerCode(setup);
  const steps = [
    ...(yaml === '' ? [] : ['persona']),
    ...(trim ? ['trim'] : []),
    ...(reflect ? ['reflect'] : []),
  ];
  const uses = [
    ...(yaml === '' ? [] : ['  .use(persona(parsePersona(yaml)))']),
    ...(trim
      ? [`  .use(trim({ targetTokens: ${budget}, minTurns: 2, strategy: ${JSON.stringify(strategy)} }))`]
      : []),
    ...(reflect ? [rounds === 1 ? '  .use(reflect())' : `  .use(reflect({ maxRounds: ${rounds} }))`] : []),
  ];
  return [
    "import { readFile } from 'node:fs/promises';",
    '',
    `import { ${['Chain', ...steps].join(', ')} } from 'katamari';`,
    provider.imported,
    ...(yaml === '' ? [] : ["import { parsePersona } from 'katamari/persona';"]),
    '',
    "const messages = JSON.parse(await readFile('history.json', 'utf8'));",
    ...(yaml === '' ? [] : [`const yaml = ${templateOf(yaml)};`]),
    '',
    `const chain = new Chain({ provider: ${provider.made} })${uses.length === 0 ? ';' : ''}`,
    ...uses.map((use, index) => (index === uses.length - 1 ? `${use};` : use)),
    '',
    'const run = chain.stream({ messages });',
    'for await (const text of run.tokens()) process.stdout.write(text);',
    'const { metrics } = await run.result();',
    'process.stderr.write(`\\n${JSON.stringify(metrics, null, 2)}\\n`);',
    '',
  ].join('\n');
}

function providerCode({ provider, model }: Setup): ProviderCode {
  if (provider === 'local') return { imported: "import { local } from 'katamari/local';", made: 'local()' };
  const factory = own[provider];
  if (factory !== undefined) {
    return {
      imported: `import { ${factory} } from 'katamari/${provider}';`,
      made: `${factory}({ model: ${JSON.stringify(model)} })`,
    };
  }
  return {
    imported: "import { openaiCompatible } from 'katamari/openai-compatible';",
    made: `openaiCompatible({ preset: ${JSON.stringify(provider)}, model: ${JSON.stringify(model)} })`,
  };
}

function templateOf(text: string): string {
  return `\`${text.replaceAll('\\', '\\\\').replaceAll('`', '\\`').replaceAll('${', '\\${')}\``;
}
