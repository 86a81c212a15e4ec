const PIECE_CHARS = 16;

/** Cuts a text into pieces of a few words, as a model's would come: after a space, or anywhere in a script without spaces. */
export function* piecesOf(text: string): Generator<string> {
  let piece = '';
  for (const char of text) {
    piece += char;
    if (piece.length >= PIECE_CHARS && (char <= ' ' || char >= '\u3000')) {
      yield piece;
      piece = '';
    }
  }
  if (piece !== '') yield piece;
}
