import { KatamariError } from '../errors.ts';

/**
 * Checks that headers can be sent, so that a bad one is found where it is written and not inside `fetch`, whose error quotes its value.
 *
 * @throws KatamariError `invalid-input` with the header's name, never its value.
 */
export function checkHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const probe = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    try {
      probe.set(name, value);
    } catch {
      throw new KatamariError(
        'invalid-input',
        `The header ${JSON.stringify(name)} cannot be sent: its name or value holds characters that HTTP does not allow. ` +
          'Check that the key was copied whole and without quotes or line feeds.',
      );
    }
  }
  return headers;
}
