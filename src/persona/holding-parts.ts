import type { Language } from '../language.ts';
import type { Persona, PersonaCondition, PersonaValue } from './persona.ts';

/** What conditions are held against. What is left out is not known, and a condition on it does not hold. */
export interface PersonaFacts {
  /** Of the conversation. */
  readonly language?: Language;
  /** The model that is asked. */
  readonly model?: string;
  /** The provider that is asked. */
  readonly provider?: string;
  /** Of the day, 0 to 23. */
  readonly hour?: number;
}

/** Whether a part of a persona holds, and why. */
export interface PartVerdict {
  /** Its index in `when`. */
  readonly index: number;
  readonly holds: boolean;
  /** One line for each thing that the condition names, for example `language is ja: holds`. */
  readonly why: readonly string[];
}

/** Looks at each part of `when`: all that its condition names must be equal to what is known, or to one of a list. */
export function partVerdicts(
  { when = [] }: Persona,
  facts: PersonaFacts,
  values: ReadonlyMap<string, PersonaValue>,
): PartVerdict[] {
  return when.map((part, index) => {
    const tests = testsOf(part.if, facts, values);
    return {
      index,
      holds: tests.every(({ holds }) => holds),
      why: tests.map(({ what, found, wanted, holds }) => {
        const is = found === undefined ? 'is not known' : `is ${found}`;
        return `${what} ${is}: ${holds ? 'holds' : `${wanted.join(' or ')} is asked for`}`;
      }),
    };
  });
}

interface Test {
  readonly what: string;
  readonly found: PersonaValue | undefined;
  readonly wanted: readonly PersonaValue[];
  readonly holds: boolean;
}

function testsOf(
  { variables = {}, ...named }: PersonaCondition,
  facts: PersonaFacts,
  values: ReadonlyMap<string, PersonaValue>,
): Test[] {
  const known = Object.entries(named).map(([what, wanted]) =>
    test(what, facts[what as keyof PersonaFacts], wanted),
  );
  const asked = Object.entries(variables).map(([name, wanted]) =>
    test(`variable ${name}`, values.get(name), wanted),
  );
  return [...known, ...asked];
}

function test(
  what: string,
  found: PersonaValue | undefined,
  wanted: PersonaValue | readonly PersonaValue[],
): Test {
  const all = typeof wanted === 'object' ? wanted : [wanted];
  return { what, found, wanted: all, holds: found !== undefined && all.includes(found) };
}
