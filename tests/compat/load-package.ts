/** A package that may not be installed: its exports, or `undefined`. */
export async function loadPackage(name: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    return (await import(/* @vite-ignore */ name)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND' && !String(error).includes(name))
      throw error;
    return undefined;
  }
}
