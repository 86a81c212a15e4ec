/** What a code point folds to that says nothing of its own: zero-width characters, combining marks. */
const IGNORED: readonly number[] = [];

/** The marks that make か into が and は into ぱ: they are not ignored behind such a kana. */
export const VOICED = 0x3099;
export const SEMI_VOICED = 0x309a;

const IGNORABLE = /[\p{Mn}\p{Me}\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

/** ワ゛ and its like are one character in katakana and none in hiragana. */
const VOICED_ONLY_IN_KATAKANA: ReadonlyMap<number, number> = /* @__PURE__ */ new Map([
  [0x30f7, 0x308f],
  [0x30f8, 0x3090],
  [0x30f9, 0x3091],
  [0x30fa, 0x3092],
]);

/**
 * Folds code points one by one, so that texts can be compared whatever their form: compatibility forms and width (NFKC), combining marks,
 * zero-width characters, katakana as hiragana; and case, apart. What it has folded once it knows.
 */
export class Folder {
  readonly #points: (readonly number[] | undefined)[][] = [];
  readonly #lower: (readonly number[] | undefined)[][] = [];

  /** What a code point is folded to, its case kept; {@link VOICED} and {@link SEMI_VOICED} for a mark, spacing or not. */
  fold(point: number): readonly number[] {
    const page = (this.#points[point >> 8] ??= []);
    return (page[point & 0xff] ??= foldPoint(point));
  }

  /** A folded code point in lower case. */
  lower(unit: number): readonly number[] {
    const page = (this.#lower[unit >> 8] ??= []);
    return (page[unit & 0xff] ??= lowerUnit(unit));
  }
}

function foldPoint(point: number): readonly number[] {
  if (point === VOICED || point === 0x309b || point === 0xff9e) return [VOICED];
  if (point === SEMI_VOICED || point === 0x309c || point === 0xff9f) return [SEMI_VOICED];
  const char = String.fromCodePoint(point);
  if (IGNORABLE.test(char)) return IGNORED;
  if (isHangul(point)) return [point];
  return Array.from(char.normalize('NFKC')).flatMap((part) => plainUnits(part.codePointAt(0) ?? 0));
}

function plainUnits(point: number): number[] {
  if (point === VOICED || point === SEMI_VOICED || isHangul(point)) return [point];
  if (point >= 0x3041 && point <= 0x30ff) return [toHiragana(point)];
  return withoutMarks(String.fromCodePoint(point));
}

function toHiragana(point: number): number {
  const isPaired = (point >= 0x30a1 && point <= 0x30f6) || point === 0x30fd || point === 0x30fe;
  return isPaired ? point - 0x60 : (VOICED_ONLY_IN_KATAKANA.get(point) ?? point);
}

function withoutMarks(text: string): number[] {
  const points: number[] = [];
  for (const char of text.normalize('NFKD')) {
    if (!IGNORABLE.test(char)) points.push(char.codePointAt(0) ?? 0);
  }
  return points;
}

/** By way of upper case, so that ß meets SS, and ς and σ are one. */
function lowerUnit(unit: number): readonly number[] {
  if (unit < 0x80) return [unit >= 65 && unit <= 90 ? unit + 32 : unit];
  if (unit >= 0x3000 && unit <= 0x9fff) return [unit];
  const lower = withoutMarks(String.fromCodePoint(unit).toUpperCase().toLowerCase());
  return isHangul(unit) || lower.length === 0 ? [unit] : lower;
}

/** Syllables, and the letters that are put together to syllables. */
function isHangul(point: number): boolean {
  return (point >= 0xac00 && point <= 0xd7a3) || (point >= 0x1100 && point <= 0x11ff);
}
