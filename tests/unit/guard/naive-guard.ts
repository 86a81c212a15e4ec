/*
 * What a guard must do, said naively: whole texts, every substring, the engine's own normalisation. Slow, and shares nothing with the guard.
 */

/** From where to where something stands. */
export type Place = readonly [start: number, end: number];

const KANA_MARKS: readonly string[] = ['\u3099', '\u309a'];
const ZERO_WIDTH = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;

function naiveFold(text: string): string {
  const spaced = text
    .replaceAll('\u309b', '\u3099')
    .replaceAll('\u309c', '\u309a')
    .replaceAll(ZERO_WIDTH, '');
  const composed = spaced.normalize('NFKC').replaceAll(ZERO_WIDTH, '');
  const hiragana = composed.replaceAll(/[\u30a1-\u30f6]/g, (kana) =>
    String.fromCharCode(kana.charCodeAt(0) - 0x60),
  );
  const plain = Array.from(hiragana, (char) =>
    /\p{Script=Hiragana}|\p{Script=Hangul}/u.test(char) ? char : char.normalize('NFKD'),
  );
  return plain
    .join('')
    .replaceAll(/[\p{Mn}\p{Me}]/gu, '')
    .toUpperCase()
    .toLowerCase();
}

/** Where each code point begins, and the end. */
function edges(text: string): number[] {
  const places = [0];
  for (const char of text) places.push((places.at(-1) ?? 0) + char.length);
  return places;
}

/** Every place of every term, however they overlap. */
export function naivePlaces(text: string, terms: readonly string[]): Place[] {
  const wanted = new Set(terms.map(naiveFold));
  const at = edges(text);
  const found: Place[] = [];
  at.forEach((start, first) => {
    for (let last = first + 1; last < at.length; last++) {
      const end = at[last] ?? 0;
      const folded = naiveFold(text.slice(start, end));
      if (!wanted.has(folded)) continue;
      // No invisible character at either end, and no mark behind that makes another letter of the last one.
      if (naiveFold(text.slice(start, at[last - 1])) === folded) continue;
      if (naiveFold(text.slice(at[first + 1], end)) === folded) continue;
      let behind = last;
      while (behind + 1 < at.length && naiveFold(text.slice(at[behind], at[behind + 1])) === '') behind++;
      if (naiveFold(text.slice(start, at[behind])) === folded) found.push([start, end]);
    }
  });
  return found;
}

/** Places that share characters, as one. */
export function merged(places: readonly Place[]): Place[] {
  const joined: [number, number][] = [];
  for (const [start, end] of places.toSorted(([a], [b]) => a - b)) {
    const last = joined.at(-1);
    if (last !== undefined && start < last[1]) last[1] = Math.max(last[1], end);
    else joined.push([start, end]);
  }
  return joined;
}

/** The text with a mask for every place. */
export function masked(text: string, places: readonly Place[], mask: string): string {
  return releasable(text, places, mask, text.length);
}

/** What may have gone out when all before `safe` is settled. */
export function releasable(text: string, places: readonly Place[], mask: string, safe: number): string {
  let out = '';
  let at = 0;
  for (const [start, end] of merged(places)) {
    if (start > safe) break;
    out += text.slice(at, start) + mask;
    at = end;
  }
  return out + text.slice(at, Math.max(at, safe));
}

/** Whether kana marks may still change the last letter. */
function lastForms(folded: string): string[] {
  const marked = KANA_MARKS.map((mark) => (folded + mark).normalize('NFC')).filter(
    (form) => form.length === folded.length,
  );
  return [folded, ...marked];
}

/** Of a text that goes on: which places are sure, and from where on something may still become a term. */
export function settled(
  text: string,
  terms: readonly string[],
): { readonly places: readonly Place[]; readonly safe: number } {
  const wanted = terms.map(naiveFold);
  const at = edges(text);
  const lastVisible = at.findLastIndex((place) => naiveFold(text.slice(place)) !== '');
  const behind = text.slice(at[lastVisible + 1]);
  const isOpen = lastForms(naiveFold(text)).length > 1 && !/[\u3099-\u309c\uff9e\uff9f]/.test(behind);
  let safe = text.length;
  for (const start of at.slice(0, -1)) {
    const folded = naiveFold(text.slice(start));
    const isVisible = naiveFold(text.slice(start, at[at.indexOf(start) + 1])) !== '';
    const alive = (isOpen ? lastForms(folded) : [folded]).some((form) =>
      wanted.some((term) => term.startsWith(form) && (term.length > form.length || isOpen)),
    );
    if (folded !== '' && isVisible && alive) {
      safe = start;
      break;
    }
  }
  // What ends with a letter that may still change is not sure.
  const openFrom = isOpen ? (at[lastVisible] ?? 0) : text.length + 1;
  return { places: naivePlaces(text, terms).filter(([, end]) => end <= openFrom), safe };
}
