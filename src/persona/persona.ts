import type { Language } from '../language.ts';

/** Who speaks: plain JSON, as it stands in a persona file. */
export interface Persona {
  /** One line of 1 to 100 characters; stands in the prompt, in events and in logs. */
  readonly name: string;
  /** The persona's own version, one line of at most 100 characters; stands in events, logs and spans. @defaultValue none */
  readonly version?: string;
  /** In which language the persona is told who it is, and answers. @defaultValue that of style and notes; of answers nothing is said */
  readonly language?: Language;
  /** How answers are written. @defaultValue nothing is said of it */
  readonly style?: string;
  /**
   * What must not appear in an answer, each of one line: a term, `/a regular expression/` (flags `i`, `m`, `s`), or `class:emoji`, `class:url`,
   * `class:email`, `class:phone`. @defaultValue nothing
   */
  readonly forbid?: readonly string[];
  /** Rules to follow, in as many lines as it takes. @defaultValue none */
  readonly notes?: string;
  /** What answers are judged by, for steps that judge them; not part of the prompt. One line each, at most 50. @defaultValue none */
  readonly rubric?: readonly string[];
}
