import { KatamariError } from '../errors.ts';

/**
 * The URL of an endpoint below a base URL, with or without a slash at its end. A query of the base URL is kept.
 *
 * @throws KatamariError `invalid-input` where the base URL is none. It is not quoted, since it may hold a key.
 */
export function endpointUrl(baseURL: string, path: string): string {
  const base = URL.canParse(baseURL) ? new URL(baseURL) : undefined;
  if (base === undefined || !/^https?:$/.test(base.protocol)) {
    throw new KatamariError(
      'invalid-input',
      'The baseURL is not an http or https URL. Write it whole, for example https://api.example.com/v1.',
    );
  }
  if (base.username !== '' || base.password !== '') {
    throw new KatamariError(
      'invalid-input',
      'The baseURL holds a user name or password, which fetch refuses: pass them as an authorization header.',
    );
  }
  base.pathname = `${base.pathname.replace(/\/+$/, '')}/${path}`;
  base.hash = '';
  return base.href;
}
