import { Composer } from './composer.ts';
import { Folder } from './folder.ts';

/**
 * A text as it is compared: compatibility forms and width made plain (NFKC), lower case, katakana as hiragana, without zero-width characters
 * and combining marks. `Ｂａ\u200bｄ` becomes `bad`, `ﾊﾞｶ` becomes `ばか`. The voiced marks of kana stay, since か and が are two letters.
 *
 * @param folder - one that is shared, where many texts are folded
 */
export function foldText(text: string, folder: Folder = new Folder()): string {
  let folded = '';
  const composer = new Composer(folder, {
    unit(unit) {
      folded += String.fromCodePoint(...folder.lower(unit));
    },
  });
  for (const char of text) composer.point(char.codePointAt(0) ?? 0, 0, 0);
  composer.flush();
  return folded;
}
