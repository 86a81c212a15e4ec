import { PersonaError } from '../errors.ts';
import { fieldOf } from './field-checks.ts';
import { findPersonaFault } from './persona-fault.ts';
import type { Persona } from './persona.ts';

/**
 * A persona that adds to another one. What the parent says holds, and the child adds to it: `style` and `notes` follow the parent's, lists
 * (`forbid`, `examples`, `when`, `rubric`) are put together without doubles, mappings (`variables`, `format`, `model`, `sampling`) are merged by
 * key, where the child's entry wins. `name` and `version` are the child's own; `language` is the parent's where the child says nothing.
 *
 * @throws PersonaError when the two together are no persona any more, for example because they are too large
 */
export function extendPersona(parent: Persona, child: Persona): Persona {
  const { extends: _extends, ...own } = child;
  const language = child.language ?? parent.language;
  const extended: Persona = {
    ...own,
    ...(parent.extends !== undefined && { extends: parent.extends }),
    ...(language !== undefined && { language }),
    ...additionsTo(parent, child),
  };
  const fault = findPersonaFault(extended);
  if (fault === undefined) return extended;
  const message = `Together with what it extends, this is no persona any more. ${fault.message}`;
  throw new PersonaError(message, { field: fieldOf(fault.path) });
}

type Additions = Omit<Persona, 'schema' | 'name' | 'version' | 'language' | 'extends'>;

/** @internal The fields in which a persona is added to, by the rules of {@link extendPersona}. */
export function additionsTo(parent: Additions, child: Additions): Additions {
  const style = joined(parent.style, child.style);
  const notes = joined(parent.notes, child.notes);
  return {
    ...(style !== undefined && { style }),
    ...(notes !== undefined && { notes }),
    ...added('forbid', parent, child),
    ...added('examples', parent, child),
    ...added('when', parent, child),
    ...added('rubric', parent, child),
    ...merged('variables', parent, child),
    ...merged('format', parent, child),
    ...merged('model', parent, child),
    ...merged('sampling', parent, child),
  };
}

function joined(first: string | undefined, second: string | undefined): string | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return `${first.trimEnd()}\n${second}`;
}

function added(key: 'forbid' | 'examples' | 'when' | 'rubric', parent: Additions, child: Additions): object {
  const all: readonly unknown[] = [...(parent[key] ?? []), ...(child[key] ?? [])];
  if (all.length === 0) return {};
  const byText = new Map(all.map((entry) => [JSON.stringify(entry), entry]));
  return { [key]: [...byText.values()] };
}

function merged(
  key: 'variables' | 'format' | 'model' | 'sampling',
  parent: Additions,
  child: Additions,
): object {
  if (parent[key] === undefined && child[key] === undefined) return {};
  return { [key]: { ...parent[key], ...child[key] } };
}
