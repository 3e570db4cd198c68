/**
 * Characters that show nothing themselves: control characters but tab and line feed, zero-width ones, those that turn the
 * direction of a line, line separators, tags. What chooses between two looks of one character stays.
 */
const HIDDEN = /(?!\t|\n|\ufe0e|\ufe0f)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** A part of a text. */
export interface Piece {
  readonly text: string;
  /** Whether the text is the name of a character that cannot be seen. */
  readonly hidden: boolean;
}

/** Takes a text apart so that what cannot be seen in it can be shown, as U+202E. */
export function marked(given: string): Piece[] {
  const text = given.replaceAll("\r\n", "\n");
  const pieces: Piece[] = [];
  let end = 0;
  for (const { 0: character, index } of text.matchAll(HIDDEN)) {
    pieces.push({ text: text.slice(end, index), hidden: false }, { text: nameOf(character), hidden: true });
    end = index + character.length;
  }
  pieces.push({ text: text.slice(end), hidden: false });
  return pieces.filter((piece) => piece.text !== "");
}

function nameOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
