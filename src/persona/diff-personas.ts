import { textOf } from '../message.ts';
import { lineDiff, type DiffLine } from './line-diff.ts';
import type { Persona } from './persona.ts';
import { renderPersona, type RenderedPersona, type RenderPersonaOptions } from './render-persona.ts';

/** What changes between two versions of a persona, as a model meets it. */
export interface PersonaDiff {
  /** False where the two give the same request. */
  readonly changed: boolean;
  /** All lines of both, in order, each with what became of it: the prompt, the examples, the hints and the rubric. */
  readonly lines: readonly DiffLine[];
}

/**
 * Compares what two personas are rendered to, with the same options. Comments, quotes and the order of keys in a file make no difference.
 *
 * @throws PersonaError when one of the two can't be rendered with the options, as {@link renderPersona} does
 */
export function diffPersonas(
  before: Persona,
  after: Persona,
  options: RenderPersonaOptions = {},
): PersonaDiff {
  const lines = lineDiff(linesOf(renderPersona(before, options)), linesOf(renderPersona(after, options)));
  return { changed: lines.some(({ change }) => change !== 'same'), lines };
}

/** All that the persona does to a request, as lines. */
function linesOf({ prompt, examples, rubric, model, sampling, responseFormat }: RenderedPersona): string[] {
  const hints = { model, sampling, ...(responseFormat && { responseFormat }) };
  return [
    ...prompt.split('\n'),
    ...examples.flatMap((message) => `${message.role}: ${textOf(message)}`.split('\n')),
    ...Object.entries(hints)
      .filter(([, hint]) => Object.keys(hint).length > 0)
      .map(([name, hint]) => `${name}: ${JSON.stringify(hint)}`),
    ...rubric.map((criterion) => `rubric: ${criterion}`),
  ];
}
