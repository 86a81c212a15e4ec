/** A variable of the environment; `undefined` where it is unset or empty, and on runtimes that have no environment. */
export function readEnvironment(name: string): string | undefined {
  const { process } = globalThis as { process?: { env?: Readonly<Record<string, string | undefined>> } };
  const value = process?.env?.[name]?.trim();
  return value === '' ? undefined : value;
}
