import { type Cursor, isBreak, show } from "./cursor.ts";

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["0", "\0"],
  ["a", "\x07"],
  ["b", "\b"],
  ["t", "\t"],
  ["\t", "\t"],
  ["n", "\n"],
  ["v", "\v"],
  ["f", "\f"],
  ["r", "\r"],
  ["e", "\x1b"],
  [" ", " "],
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["N", "\x85"],
  ["_", "\xa0"],
  ["L", "\u2028"],
  ["P", "\u2029"],
]);

const ESCAPED_DIGITS: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

/** Reads a single or double quoted scalar. Its lines may be indented less than the text around it. */
export function scanQuoted(cursor: Cursor): string {
  const quote = cursor.code();
  const opened = cursor.pos;
  cursor.pos += 1;
  let text = "";
  let from = cursor.pos;
  for (;;) {
    const code = cursor.code();
    if (code === quote) {
      text += cursor.text.slice(from, cursor.pos);
      cursor.pos += 1;
      if (quote === 34 || cursor.code() !== quote) return text;
      from = cursor.pos;
      cursor.pos += 1;
    } else if (code === 92 && quote === 34) {
      text += cursor.text.slice(from, cursor.pos) + escaped(cursor, opened);
      from = cursor.pos;
    } else if (code === 32 || code === 9 || isBreak(code)) {
      const wordEnd = cursor.pos;
      const fold = foldSpaces(cursor, opened);
      if (fold !== undefined) {
        text += cursor.text.slice(from, wordEnd) + fold;
        from = cursor.pos;
      }
    } else if (code === 0) {
      cursor.fail("a quoted text is not closed", opened);
    } else {
      cursor.pos += 1;
    }
  }
}

/** Steps over blanks; where a line ends, gives what the break is read as, else undefined. */
function foldSpaces(cursor: Cursor, opened: number): string | undefined {
  skipSpaces(cursor);
  if (!isBreak(cursor.code())) return undefined;
  const first = cursor.lineBreak();
  const more = emptyLines(cursor, opened);
  return foldedBreak(first, more);
}

/** A single line feed is read as a blank; the first of several is dropped. */
export function foldedBreak(first: string, more: string): string {
  if (first !== "\n") return first + more;
  return more || " ";
}

function emptyLines(cursor: Cursor, opened: number): string {
  let breaks = "";
  for (;;) {
    if (cursor.atDocumentMarker()) {
      cursor.fail("a quoted text is not closed before the document marker", opened);
    }
    skipSpaces(cursor);
    if (!isBreak(cursor.code())) return breaks;
    breaks += cursor.lineBreak();
  }
}

function skipSpaces(cursor: Cursor): void {
  while (cursor.code() === 32 || cursor.code() === 9) cursor.pos += 1;
}

function escaped(cursor: Cursor, opened: number): string {
  const name = cursor.text.charAt(cursor.pos + 1);
  const digits = ESCAPED_DIGITS.get(name);
  if (digits !== undefined) return escapedCharacter(cursor, digits);
  const known = ESCAPES.get(name);
  if (known !== undefined) {
    cursor.pos += 2;
    return known;
  }
  if (!isBreak(cursor.code(1))) cursor.fail(`found the unknown escape \\ with ${show(cursor.code(1))}`);
  cursor.pos += 1;
  cursor.lineBreak();
  return emptyLines(cursor, opened);
}

function escapedCharacter(cursor: Cursor, digits: number): string {
  const hex = cursor.text.slice(cursor.pos + 2, cursor.pos + 2 + digits);
  if (hex.length < digits || !/^[0-9A-Fa-f]+$/.test(hex)) {
    cursor.fail(`expected ${digits} hexadecimal digits in an escape, but found ${JSON.stringify(hex)}`);
  }
  const code = Number.parseInt(hex, 16);
  if (code > 0x10ffff) cursor.fail(`the escape \\U${hex} is beyond the last character, U+10FFFF`);
  cursor.pos += 2 + digits;
  return String.fromCodePoint(code);
}
