/** Who speaks: plain JSON, as it stands in a persona file. */
export interface Persona {
  /** One line of 1 to 100 characters; stands in the prompt, in events and in logs. */
  readonly name: string;
  /** How answers are written. @defaultValue nothing is said of it */
  readonly style?: string;
  /**
   * What must not appear in an answer, each of one line: a term, `/a regular expression/` (flags `i`, `m`, `s`), or `class:emoji`, `class:url`,
   * `class:email`, `class:phone`. @defaultValue nothing
   */
  readonly forbid?: readonly string[];
  /** Rules to follow, in as many lines as it takes. @defaultValue none */
  readonly notes?: string;
}
