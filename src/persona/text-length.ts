/** UTF-16 code units of all texts of a persona together. */
export function textLengthOf(persona: {
  readonly name: string;
  readonly style?: string | undefined;
  readonly forbid?: readonly string[] | undefined;
  readonly notes?: string | undefined;
}): number {
  const { name, style = '', forbid = [], notes = '' } = persona;
  return forbid.reduce((sum, term) => sum + term.length, name.length + style.length + notes.length);
}
