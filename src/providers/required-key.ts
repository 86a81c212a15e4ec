import { KatamariError } from '../errors.ts';
import { readEnvironment } from './read-environment.ts';

/**
 * The key that was passed, else that of the first variable that is set.
 *
 * @throws KatamariError `authentication`, naming the first variable, where there is none.
 */
export function requiredKey(
  apiKey: string | undefined,
  ...variables: readonly [string, ...string[]]
): string {
  const candidates = apiKey === undefined ? variables.map(readEnvironment) : [apiKey];
  const key = candidates.find((candidate) => candidate !== undefined && candidate !== '');
  if (key !== undefined) return key;
  throw new KatamariError(
    'authentication',
    `There is no API key: set the environment variable ${variables[0]} or pass { apiKey }.`,
  );
}
