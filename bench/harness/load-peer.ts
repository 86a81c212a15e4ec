/** Loads a package that is installed in this folder and not with katamari; its shape is as much of it as is used. */
export async function loadPeer<Exports>(name: string): Promise<Exports> {
  try {
    return (await import(name)) as Exports;
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new Error(`${name} is not installed: npm install --prefix bench --no-package-lock`, {
      cause: error,
    });
  }
}
