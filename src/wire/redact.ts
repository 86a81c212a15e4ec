/** Words that look like a key, whole or half masked as vendors echo them. */
const keyLike =
  /\b(?:sk|pk|rk|gsk|xai|hf|pplx|csk|nvapi|fw|key|tgp_v1)[-_][\w*.-]{6,}|\bAIza[\w-]{10,}|\b(Bearer|Basic)\s+[\w*.~+/=-]{4,}/gi;

/** Values shorter than this are no secrets, and blotting them out would spoil the text. */
const minSecretLength = 6;

/** Blots out the given secrets, and whatever looks like a key. */
export function redact(text: string, secrets: readonly string[] = []): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret.length >= minSecretLength) clean = clean.replaceAll(secret, '[redacted]');
  }
  return clean.replace(keyLike, (_match, scheme: string | undefined) =>
    scheme === undefined ? '[redacted]' : `${scheme} [redacted]`,
  );
}

const publicHeaders = new Set([
  'accept',
  'content-type',
  'user-agent',
  'http-referer',
  'x-title',
  'anthropic-version',
  'anthropic-beta',
]);

/** What of the headers must never be shown: every value but those of well-known public headers. */
export function secretsOf(headers: Readonly<Record<string, string>>): readonly string[] {
  const secrets: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (publicHeaders.has(name.toLowerCase())) continue;
    const bare = value.replace(/^(?:Bearer|Basic)\s+/i, '').trim();
    secrets.push(bare);
  }
  return secrets;
}
