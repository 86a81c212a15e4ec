import { AssertionError } from 'node:assert';
import { inspect, isDeepStrictEqual } from 'node:util';

/** Longest value in a message, in UTF-16 units: the whole one stands on the error. */
const maxShown = 500;

/** @throws AssertionError with both values, where they are not deeply equal */
export function expectEqual(actual: unknown, expected: unknown, what: string): void {
  if (!isDeepStrictEqual(actual, expected)) throw failed(what, expected, actual);
}

/** @throws AssertionError where it does not hold */
export function expectThat(holds: boolean, what: string, expected: unknown, actual: unknown): asserts holds {
  if (!holds) throw failed(what, expected, actual);
}

/** What a check throws when the adapter does not keep the contract. */
export function failed(what: string, expected: unknown, actual: unknown): AssertionError {
  const message = `${what}: expected ${show(expected)}, saw ${show(actual)}`;
  return new AssertionError({ message, expected, actual, operator: 'conformance' });
}

/** What a check fails with when something else was thrown: the adapter's own error, where an answer was expected. */
export function asFailure(thrown: unknown): AssertionError {
  if (thrown instanceof AssertionError) return thrown;
  return Object.assign(failed('the adapter', 'no error', thrown), { cause: thrown });
}

function show(value: unknown): string {
  const text = inspect(value, { depth: 5, breakLength: Infinity, maxStringLength: 200 });
  return text.length <= maxShown ? text : `${text.slice(0, maxShown)}…`;
}
