const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * An id of nine letters and digits, as Mistral demands: the id itself where it is one already, else one that is always the same for it, so
 * that a call and its result still match. FNV-1a, over two seeds.
 */
export function shortToolId(id: string): string {
  if (/^[A-Za-z0-9]{9}$/.test(id)) return id;
  let low = fnv1a(id, 0x811c9dc5);
  let high = fnv1a(id, 0x9747b28c);
  let short = '';
  for (let place = 0; place < 9; place += 1) {
    const source = place < 5 ? low : high;
    short += alphabet.charAt(source % alphabet.length);
    if (place < 5) low = Math.floor(low / alphabet.length);
    else high = Math.floor(high / alphabet.length);
  }
  return short;
}

function fnv1a(text: string, seed: number): number {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
