import { SEMI_VOICED, VOICED, type Folder } from './folder.ts';

/** Receives what a text folds to, in order. */
export interface UnitSink {
  /**
   * @param unit - a folded code point, its case kept
   * @param raw - the code point of the text that it comes from; of a kana with its mark, the two as one
   * @param start - where that begins in the text, in UTF-16 units
   * @param end - where that ends
   */
  unit(unit: number, raw: number, start: number, end: number): void;
}

/**
 * Folds a text that arrives code point by code point. A kana that a mark may follow, and a Hangul letter that another may join, wait for the
 * next code point; `pending` is what waits.
 */
export class Composer {
  readonly #folder: Folder;
  readonly #sink: UnitSink;
  /** The unit that waits, or −1. */
  pending = -1;
  #raw = -1;
  /** Where what waits begins. */
  pendingStart = 0;
  #end = 0;

  constructor(folder: Folder, sink: UnitSink) {
    this.#folder = folder;
    this.#sink = sink;
  }

  /** Takes the next code point of the text. */
  point(point: number, start: number, end: number): void {
    for (const unit of this.#folder.fold(point)) this.#unit(unit, point, start, end);
  }

  /** Nothing more joins what waits. */
  flush(): void {
    if (this.pending === -1) return;
    const unit = this.pending;
    this.pending = -1;
    this.#sink.unit(unit, this.#raw, this.pendingStart, this.#end);
  }

  /** What the waiting unit may be, in the end; empty where that is not worth a list. */
  outcomes(): readonly number[] {
    return outcomesOf(this.pending);
  }

  #unit(unit: number, raw: number, start: number, end: number): void {
    if (this.pending !== -1) {
      const composed = compose(this.pending, unit);
      if (composed !== -1) {
        this.#raw = Math.max(compose(this.#raw, unit), composed);
        this.pending = composed;
        this.#end = end;
        // Only a syllable that was put together from letters may have an ending of its own letter.
        if (composed < 0xac00) this.flush();
        return;
      }
      this.flush();
    }
    // A mark that joins nothing is ignored as other marks are.
    if (unit === VOICED || unit === SEMI_VOICED) return;
    if (!isOpen(unit)) return this.#sink.unit(unit, raw, start, end);
    this.pending = unit;
    this.#raw = raw;
    this.pendingStart = start;
    this.#end = end;
  }
}

/** A unit alone, and with each mark that it takes. Empty for Hangul, which takes very many. */
export function outcomesOf(unit: number): readonly number[] {
  if (unit < 0x3041 || unit > 0x30ff) return unit >= 0x1100 && unit <= 0xd7a3 && isHangul(unit) ? [] : [unit];
  const marked = [compose(unit, VOICED), compose(unit, SEMI_VOICED)];
  return [unit, ...marked.filter((outcome) => outcome !== -1)];
}

/** Whether what follows may join a unit. */
function isOpen(unit: number): boolean {
  if (unit >= 0x1100 && unit <= 0x1112) return true;
  return unit >= 0x3041 && unit <= 0x309d && compose(unit, VOICED) !== -1;
}

function isHangul(unit: number): boolean {
  return unit <= 0x1112 || unit >= 0xac00;
}

/** Two units as one, or −1. */
function compose(first: number, second: number): number {
  if (second === VOICED || second === SEMI_VOICED) return voice(first, second);
  const isVowel = second >= 0x1161 && second <= 0x1175;
  if (isVowel && first >= 0x1100 && first <= 0x1112)
    return 0xac00 + ((first - 0x1100) * 21 + second - 0x1161) * 28;
  const isEnding = second > 0x11a7 && second <= 0x11c2;
  return isEnding && first >= 0xac00 && (first - 0xac00) % 28 === 0 ? first + second - 0x11a7 : -1;
}

/** Kana of the rows か, さ, た and は have the voiced one right behind them, those of は the half-voiced one behind that. */
function voice(kana: number, mark: number): number {
  const hiragana = kana >= 0x30a1 && kana <= 0x30fd ? kana - 0x60 : kana;
  const isHa = hiragana >= 0x306f && hiragana <= 0x307b && (hiragana - 0x306f) % 3 === 0;
  if (mark === SEMI_VOICED) return isHa ? kana + 2 : -1;
  if (hiragana === 0x3046) return kana + 0x4e;
  const isKa = hiragana >= 0x304b && hiragana <= 0x3061 && (hiragana - 0x304b) % 2 === 0;
  const isTsu = hiragana >= 0x3064 && hiragana <= 0x3068 && hiragana % 2 === 0;
  return isHa || isKa || isTsu || hiragana === 0x309d ? kana + 1 : -1;
}
