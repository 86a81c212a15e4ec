import type { Language } from '../language.ts';
import type { JsonSchema } from '../request.ts';

/** What a variable of a persona may hold. */
export type PersonaValue = string | number | boolean;

/** A variable of a persona: `{{name}}` in its texts stands for the value. */
export interface PersonaVariable {
  readonly type: 'string' | 'number' | 'boolean';
  /** @defaultValue none: a value must be given */
  readonly default?: PersonaValue;
  /** For those who give the values. @defaultValue nothing is said */
  readonly description?: string;
}

/** One exchange that shows how the persona answers. */
export interface PersonaExample {
  readonly user: string;
  readonly assistant: string;
}

/** The form of answers. */
export interface PersonaFormat {
  /** The longest answer, in words. @defaultValue no limit is said */
  readonly maxWords?: number;
  /** The longest answer, in characters. @defaultValue no limit is said */
  readonly maxCharacters?: number;
  /** The headings of an answer, all of them and in this order. @defaultValue nothing is said of headings */
  readonly headings?: readonly string[];
  /** Answers are JSON of this schema: becomes the request's `responseFormat` where it has none. @defaultValue answers are text */
  readonly json?: JsonSchema;
}

/** What a part of a persona depends on. All that is named must hold; a list holds where one of its values does. */
export interface PersonaCondition {
  /** Of the conversation. */
  readonly language?: Language | readonly Language[];
  /** The model that is asked. */
  readonly model?: string | readonly string[];
  /** The provider that is asked, for example `openai`. */
  readonly provider?: string | readonly string[];
  /** Of the day, 0 to 23. Holds only where the caller says which hour it is. */
  readonly hour?: number | readonly number[];
  readonly variables?: Readonly<Record<string, PersonaValue | readonly PersonaValue[]>>;
}

/** Sampling for the persona's answers, where the request says nothing. */
export interface PersonaSampling {
  /** 0 to 2. */
  readonly temperature?: number;
  /** 0 to 1. */
  readonly topP?: number;
  /** Upper bound of the answer, in tokens. */
  readonly maxOutputTokens?: number;
  readonly seed?: number;
}

/** A part of a persona that holds under a condition: its texts are added to the persona's, its examples too, its hints go before. */
export interface PersonaVariant {
  readonly if: PersonaCondition;
  readonly style?: string;
  readonly notes?: string;
  readonly examples?: readonly PersonaExample[];
  readonly model?: Readonly<Record<string, string>>;
  readonly sampling?: PersonaSampling;
}

/** Who speaks: plain JSON, as it stands in a persona file. */
export interface Persona {
  /** The schema that the persona is written for. @defaultValue 1, the only one so far */
  readonly schema?: 1;
  /** One line of 1 to 100 characters; stands in the prompt, in events and in logs. */
  readonly name: string;
  /** The persona's own version, one line of at most 100 characters; stands in events, logs and spans. @defaultValue none */
  readonly version?: string;
  /** In which language the persona is told who it is, and answers. @defaultValue that of style and notes; of answers nothing is said */
  readonly language?: Language;
  /**
   * The file of the persona that this one adds to, from its own folder: `house.yaml`. Files are read with it by `loadPersona`; for objects there
   * is `extendPersona`. @defaultValue none
   */
  readonly extends?: string;
  /** How answers are written. @defaultValue nothing is said of it */
  readonly style?: string;
  /**
   * What must not appear in an answer, each of one line: a term, `/a regular expression/` (flags `i`, `m`, `s`), or `class:emoji`, `class:url`,
   * `class:email`, `class:phone`. @defaultValue nothing
   */
  readonly forbid?: readonly string[];
  /** Rules to follow, in as many lines as it takes. @defaultValue none */
  readonly notes?: string;
  /** What `{{name}}` in style, notes and examples stands for, by name. @defaultValue none, and braces are plain text */
  readonly variables?: Readonly<Record<string, PersonaVariable>>;
  /** Exchanges that show how the persona answers; they become messages. At most 50. @defaultValue none */
  readonly examples?: readonly PersonaExample[];
  /** The form of answers. @defaultValue nothing is said of it */
  readonly format?: PersonaFormat;
  /** Parts that hold under a condition, at most 50. @defaultValue none */
  readonly when?: readonly PersonaVariant[];
  /** The model to ask, by provider name, where the request names none: `{ openai: gpt-5-mini }`. @defaultValue the provider's */
  readonly model?: Readonly<Record<string, string>>;
  /** Sampling where the request says nothing. @defaultValue the provider's */
  readonly sampling?: PersonaSampling;
  /** What answers are judged by, for steps that judge them; not part of the prompt. One line each, at most 50. @defaultValue none */
  readonly rubric?: readonly string[];
}
