/** What the app remembers from visit to visit: how it looks and speaks, nothing that was said. */
type SettingName = 'locale' | 'theme';

export function readSetting(name: SettingName): string | null {
  try {
    return localStorage.getItem(`katamari.${name}`);
  } catch {
    return null; // Storage may be forbidden; the app works without it.
  }
}

export function writeSetting(name: SettingName, value: string): void {
  try {
    localStorage.setItem(`katamari.${name}`, value);
  } catch {
    // As above.
  }
}
