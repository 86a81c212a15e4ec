import { stat } from 'node:fs/promises';
import { styleText } from 'node:util';

import type { Language } from '../language.ts';
import { loadPersonas } from '../node/load-personas.ts';
import { diffPersonas } from '../persona/diff-personas.ts';
import type { DiffLine } from '../persona/line-diff.ts';
import { lintPersona } from '../persona/lint-persona.ts';
import type { Persona, PersonaValue } from '../persona/persona.ts';
import { renderPersona, type RenderPersonaOptions } from '../persona/render-persona.ts';
import { choosePersona } from './choose-persona.ts';
import { exitCodes } from './exit-codes.ts';
import { print, printJson } from './output.ts';
import { reportError } from './report-error.ts';

/** What `katamari persona lint` is told. */
export interface LintOptions {
  readonly model?: readonly string[];
  readonly maxTokens?: number;
  readonly json?: true;
}

/** What `katamari persona render` is told. */
export interface RenderOptions {
  readonly var?: Readonly<Record<string, PersonaValue>>;
  readonly language?: Language;
  readonly provider?: string;
  readonly model?: string;
  readonly hour?: number;
  readonly json?: true;
}

/** What `katamari persona diff` is told. */
export type DiffOptions = RenderOptions;

/** Checks each, and goes on after one that can't be read; a warning or an error gives exit code 1. */
export async function lint(paths: readonly string[], options: LintOptions): Promise<void> {
  for (const path of paths.length === 0 ? ['personas'] : paths) {
    try {
      for (const persona of await personasAt(path)) await lintOne(persona, options);
    } catch (error) {
      process.exitCode = reportError(error);
    }
  }
}

async function lintOne(
  persona: Persona,
  { model: models = [], maxTokens, json }: LintOptions,
): Promise<void> {
  const { name } = persona;
  const findings = await lintPersona(persona, { models, ...(maxTokens !== undefined && { maxTokens }) });
  const warnings = findings.filter(({ severity }) => severity === 'warning');
  if (warnings.length > 0) process.exitCode = exitCodes.failed;
  if (json !== undefined) {
    await print(`${JSON.stringify({ name, findings })}\n`);
    return;
  }
  await print(`${name}: ${warnings.length === 0 ? 'ok' : `${warnings.length} findings`}\n`);
  for (const { severity, path, message } of findings) await print(`  ${severity} ${path}: ${message}\n`);
}

async function personasAt(path: string): Promise<readonly Persona[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? [...(await loadPersonas(path)).values()] : [await choosePersona(path)];
}

/** Prints what changes, line by line; a change gives exit code 1. */
export async function diff(before: string, after: string, options: DiffOptions): Promise<void> {
  const [one, other] = [await choosePersona(before), await choosePersona(after)];
  const found = diffPersonas(one, other, factsOf(options));
  if (options.json !== undefined) await printJson(found);
  else if (found.changed) for (const line of found.lines) await print(shown(line));
  if (found.changed) process.exitCode = exitCodes.failed;
}

function shown({ change, text }: DiffLine): string {
  const stream = process.stdout;
  if (change === 'same') return `  ${text}\n`;
  return change === 'added'
    ? `${styleText('green', `+ ${text}`, { stream })}\n`
    : `${styleText('red', `- ${text}`, { stream })}\n`;
}

/** Prints the system prompt, or all that the persona becomes. */
export async function render(name: string, options: RenderOptions): Promise<void> {
  const rendered = renderPersona(await choosePersona(name), factsOf(options));
  if (options.json !== undefined) await printJson(rendered);
  else await print(`${rendered.prompt}\n`);
}

function factsOf({ var: variables, json: _json, ...facts }: RenderOptions): RenderPersonaOptions {
  return { ...facts, ...(variables !== undefined && { variables }) };
}
