import { isDeepStrictEqual } from 'node:util';

import type { PersonaError } from '../errors.ts';
import type { Persona } from '../persona/persona.ts';
import type { FolderEntry, FolderPersona } from './persona-folder.ts';

/** What is known of a folder of personas at a time. */
export interface FolderState {
  /** By id. */
  readonly personas: ReadonlyMap<string, FolderPersona>;
  /** By the file that each is about. */
  readonly faults: ReadonlyMap<string, PersonaError>;
}

/** A persona that has come, changed or gone. */
export interface PersonaChange {
  /** The file's name without its ending. */
  readonly id: string;
  /** `undefined` for one that has come. */
  readonly before: Persona | undefined;
  /** `undefined` for one that has gone. */
  readonly after: Persona | undefined;
}

/** @internal The state after a reading. A persona whose file is broken stays; one that says the same stays the same object. */
export function stateAfter(before: FolderState, entries: readonly FolderEntry[]): FolderState {
  const personas = new Map<string, FolderPersona>();
  const faults = new Map<string, PersonaError>();
  for (const entry of entries) {
    const known = before.personas.get(entry.id);
    if ('fault' in entry) {
      addFault(faults, entry.file, entry.fault, before);
      if (known !== undefined && !personas.has(entry.id)) personas.set(entry.id, known);
    } else {
      const isSame = known !== undefined && isDeepStrictEqual(entry.persona, known.persona);
      personas.set(entry.id, { persona: isSame ? known.persona : entry.persona, yaml: entry.yaml });
    }
  }
  return { personas, faults };
}

/** @internal The state when the folder can't be read: as it was, and its fault. */
export function stateWithFault(before: FolderState, file: string, fault: PersonaError): FolderState {
  const faults = new Map(before.faults);
  addFault(faults, file, fault, before);
  return { ...before, faults };
}

/** By the file that is wrong, which may be a parent of several. One that says the same is the same fault. */
function addFault(
  faults: Map<string, PersonaError>,
  file: string,
  fault: PersonaError,
  before: FolderState,
): void {
  const key = fault.file ?? file;
  const known = before.faults.get(key);
  faults.set(key, known?.message === fault.message ? known : fault);
}

/** @internal What lies between two states. */
export function changesBetween(
  before: FolderState,
  after: FolderState,
): { changes: readonly PersonaChange[]; faults: readonly PersonaError[]; mended: readonly string[] } {
  const ids = [...new Set([...before.personas.keys(), ...after.personas.keys()])];
  return {
    changes: ids
      .map((id) => ({
        id,
        before: before.personas.get(id)?.persona,
        after: after.personas.get(id)?.persona,
      }))
      .filter((change) => change.before !== change.after),
    faults: [...after.faults]
      .filter(([file, fault]) => before.faults.get(file) !== fault)
      .map(([, fault]) => fault),
    mended: [...before.faults.keys()].filter((file) => !after.faults.has(file)),
  };
}
