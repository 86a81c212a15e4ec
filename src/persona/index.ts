/**
 * Personas from YAML, and what can be done with them. The step itself is in `katamari`; reading files is in `katamari/node`.
 *
 * @module
 */
export type { Language } from '../language.ts';
export { compilePersona } from './compile-persona.ts';
export { diffPersonas, type PersonaDiff } from './diff-personas.ts';
export { extendPersona } from './extend-persona.ts';
export { forbidEntryOf, type ForbidClass, type ForbidEntry } from './forbid-entry.ts';
export { findForbidden, type FindForbiddenOptions } from './guard/find-forbidden.ts';
export type { Finding } from './guard/held-text.ts';
export type { DiffLine } from './line-diff.ts';
export { defaultLintPatterns, type LintPattern } from './lint-patterns.ts';
export { lintPersona, type LintFinding, type LintPersonaOptions } from './lint-persona.ts';
export type { PartVerdict, PersonaFacts } from './holding-parts.ts';
export { parsePersona, type ParsePersonaOptions } from './parse-persona.ts';
export { personaHash } from './persona-hash.ts';
export { findPersonaIssues, type PersonaIssue } from './persona-issues.ts';
export { personaJsonSchema, personaSchema } from './persona-schema.ts';
export type { PersonaStepOptions } from './persona-step-options.ts';
export { persona } from './persona-step.ts';
export type {
  Persona,
  PersonaCondition,
  PersonaExample,
  PersonaFormat,
  PersonaSampling,
  PersonaValue,
  PersonaVariable,
  PersonaVariant,
} from './persona.ts';
export { renderPersona, type RenderedPersona, type RenderPersonaOptions } from './render-persona.ts';
