/** What a model takes. Data, so that a new model is a line and not code. */
export interface ResponsesTraits {
  /** Whether it thinks, and so has encrypted thoughts to give: others refuse to be asked for them. */
  readonly reasons: boolean;
  /** Whether temperature and top_p are taken. */
  readonly sampling: boolean;
}

/** Models by their names, also behind a gateway's prefix; the first line that matches holds. */
const byName: readonly (readonly [RegExp, ResponsesTraits])[] = [
  [/^(?:.*\/)?gpt-\d[\w.]*-chat/, { reasons: false, sampling: true }],
  [/^(?:.*\/)?(?:o\d|codex)/, { reasons: true, sampling: false }],
  // The first of the fifth generation; later ones take sampling where they are told not to think.
  [/^(?:.*\/)?gpt-5(?:-(?:mini|nano|pro|codex))?(?:-\d{4}.*)?$/, { reasons: true, sampling: false }],
  [/^(?:.*\/)?gpt-(?:[5-9]|\d\d)/, { reasons: true, sampling: true }],
];

/** What the model takes. One that is not known by name is taken for one that does not think. */
export function traitsOf(model: string): ResponsesTraits {
  return byName.find(([pattern]) => pattern.test(model))?.[1] ?? { reasons: false, sampling: true };
}
