import { type Cursor, isBreak, show } from "./cursor.ts";

export interface BlockScalar {
  readonly text: string;
  /** Behind the last line with text, before its line break. */
  readonly end: number;
}

interface Header {
  /** "-" drops the last line breaks, "+" keeps them all, "" keeps one. */
  readonly chomping: string;
  readonly indentation: number | undefined;
}

/** Reads a `|` or `>` scalar; `parentIndent` is the column of the collection around it (-1 for none). */
export function scanBlock(cursor: Cursor, parentIndent: number): BlockScalar {
  const folded = cursor.code() === 62;
  cursor.pos += 1;
  const { chomping, indentation } = scanHeader(cursor);
  const end = cursor.pos;
  cursor.skipRestOfLine("the header of a block text");
  const least = Math.max(parentIndent + 1, 1);
  let indent = least + (indentation ?? 1) - 1;
  let breaks = "";
  if (indentation === undefined) {
    const found = detectIndent(cursor);
    indent = Math.max(least, found.indent);
    breaks = found.breaks;
  } else {
    breaks = emptyLines(cursor, indent);
  }
  return scanLines(cursor, indent, folded, chomping, { text: breaks, end });
}

function scanLines(
  cursor: Cursor,
  indent: number,
  folded: boolean,
  chomping: string,
  leading: BlockScalar,
): BlockScalar {
  let text = "";
  let lineBreak = "";
  let breaks = leading.text;
  let { end } = leading;
  while (cursor.column === indent && cursor.code() !== 0) {
    const indented = startsWithSpace(cursor);
    const from = cursor.pos;
    cursor.skipToLineEnd();
    text += breaks + cursor.text.slice(from, cursor.pos);
    end = cursor.pos;
    lineBreak = cursor.lineBreak();
    breaks = emptyLines(cursor, indent);
    if (cursor.column !== indent || cursor.code() === 0) break;
    if (folded && lineBreak === "\n" && !indented && !startsWithSpace(cursor)) {
      if (breaks === "") text += " ";
    } else {
      text += lineBreak;
    }
  }
  if (chomping !== "-") text += lineBreak;
  return { text: chomping === "+" ? text + breaks : text, end };
}

function startsWithSpace(cursor: Cursor): boolean {
  return cursor.code() === 32 || cursor.code() === 9;
}

function scanHeader(cursor: Cursor): Header {
  const match = /^([+-]?)([0-9]?)([+-]?)/.exec(cursor.text.slice(cursor.pos, cursor.pos + 3));
  const [found = "", before = "", digit = "", after = ""] = match ?? [];
  const twice = before !== "" && after !== "";
  if (digit === "0") cursor.fail("the indentation of a block text must be 1 to 9, but it is 0");
  cursor.pos += found.length - (twice ? 1 : 0);
  const code = cursor.code();
  if (code !== 0 && code !== 32 && !isBreak(code)) {
    cursor.fail(`expected the end of the line after | or >, but found ${show(code)}`);
  }
  return { chomping: before || after, indentation: digit === "" ? undefined : Number(digit) };
}

/** The first line with text sets the indentation, but a longer line of blanks before it counts too. */
function detectIndent(cursor: Cursor): { breaks: string; indent: number } {
  let breaks = "";
  let indent = 0;
  for (;;) {
    cursor.skipBlanks();
    indent = Math.max(indent, cursor.column);
    if (!isBreak(cursor.code())) return { breaks, indent };
    breaks += cursor.lineBreak();
  }
}

function emptyLines(cursor: Cursor, indent: number): string {
  let breaks = "";
  for (;;) {
    while (cursor.column < indent && cursor.code() === 32) cursor.pos += 1;
    if (!isBreak(cursor.code())) return breaks;
    breaks += cursor.lineBreak();
  }
}
