const loneSurrogate = /\p{Surrogate}/gu;

/**
 * The value as JSON that every host can read. `JSON.stringify` writes half of a surrogate pair, as a cut inside an emoji leaves it, as an
 * escape that strict parsers refuse with a 400: such a half becomes U+FFFD. Texts without one cost nothing extra.
 */
export function toJsonText(value: unknown): string {
  const json = JSON.stringify(value);
  if (!json.includes('\\ud')) return json;
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? part.replace(loneSurrogate, '\uFFFD') : part,
  );
}
