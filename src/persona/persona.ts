/** Who speaks: plain JSON, as it stands in a persona file. */
export interface Persona {
  /** One line of 1 to 100 characters; stands in the prompt, in events and in logs. */
  readonly name: string;
  /** How answers are written. @defaultValue nothing is said of it */
  readonly style?: string;
  /** Terms that must not appear in an answer, each of one line. @defaultValue none */
  readonly forbid?: readonly string[];
  /** Rules to follow, in as many lines as it takes. @defaultValue none */
  readonly notes?: string;
}
