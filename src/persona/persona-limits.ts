/** How large a persona may be. */
export const personaLimits = {
  /** Bytes of a persona file. */
  fileBytes: 1_000_000,
  /** Characters (code points) of the name. */
  nameCharacters: 100,
  /** Terms in `forbid`. */
  forbidTerms: 100_000,
  /** Entries of any other list or mapping. */
  listEntries: 50,
  /** UTF-16 code units of a variable's value. */
  valueLength: 10_000,
  /** UTF-16 code units of all texts of a persona together: aliases in a small file could otherwise grow into a huge one. */
  textLength: 1_000_000,
} as const;

/** One line with something on it, and no control characters, since it goes into logs. */
export const NAME_PATTERN = /^(?=.*\S)[^\p{Cc}\u2028\u2029]{1,100}$/u;

/** One line with something on it: a term that ends in a line break, as a YAML block leaves one, would never be found in an answer. */
export const TERM_PATTERN = /^(?=.*\S)[^\n\r\u0085\u2028\u2029]+$/u;

/** How a variable may be called, in any script. */
export const VARIABLE_PATTERN = /^\p{L}[\p{L}\p{N}_]{0,49}$/u;
