import { type Cursor, isBreak, isSpaceOrEnd } from "./cursor.ts";
import { foldedBreak } from "./quoted.ts";

export interface PlainScalar {
  readonly text: string;
  /** Behind the last word. */
  readonly end: number;
  /** Whether a line break was passed behind the text, so that a key may start. */
  readonly lineEnded: boolean;
}

/** `,` `?` `[` `]` `{` `}`: they end plain text inside `[]` and `{}`. */
function isFlowIndicator(code: number): boolean {
  return code === 44 || code === 63 || code === 91 || code === 93 || code === 123 || code === 125;
}

/** `, [ ] { }`: a `:` before them ends plain text inside `[]` and `{}`. */
function endsFlowKey(code: number): boolean {
  return code !== 63 && isFlowIndicator(code);
}

/** Whether plain text may start here. */
export function startsPlain(cursor: Cursor, inFlow: boolean): boolean {
  const code = cursor.code();
  if (isSpaceOrEnd(code)) return false;
  if (code === 45 || code === 63 || code === 58) {
    return !isSpaceOrEnd(cursor.code(1)) && (code === 45 || !inFlow);
  }
  return !",[]{}#&*!|>'\"%@`".includes(String.fromCharCode(code));
}

/** Reads plain text; `indent` is what its further lines must be indented by, outside `[]` and `{}`. */
export function scanPlain(cursor: Cursor, indent: number, inFlow: boolean): PlainScalar {
  const { text: source } = cursor;
  let text = "";
  let from = cursor.pos;
  let to = cursor.pos;
  let fold: string | undefined;
  while (cursor.code() !== 35) {
    const end = wordEnd(source, cursor.pos, inFlow);
    if (end === cursor.pos) break;
    if (fold !== undefined) {
      text += source.slice(from, to) + fold;
      from = cursor.pos;
    }
    to = end;
    cursor.pos = end;
    cursor.skipBlanks();
    fold = undefined;
    if (isBreak(cursor.code())) {
      fold = foldLines(cursor);
      if (fold === undefined) break;
    } else if (cursor.pos === end) break;
    if (!inFlow && cursor.column < indent) break;
  }
  return { text: text + source.slice(from, to), end: to, lineEnded: cursor.lineStart > to };
}

function wordEnd(source: string, start: number, inFlow: boolean): number {
  for (let pos = start; ; pos += 1) {
    const code = source.charCodeAt(pos);
    if (isSpaceOrEnd(code)) return pos;
    if (code === 58) {
      const next = source.charCodeAt(pos + 1);
      if (isSpaceOrEnd(next) || (inFlow && endsFlowKey(next))) return pos;
    } else if (inFlow && isFlowIndicator(code)) return pos;
  }
}

/** Steps over the line breaks; undefined where a document marker ends the text. */
function foldLines(cursor: Cursor): string | undefined {
  const first = cursor.lineBreak();
  if (cursor.atDocumentMarker()) return undefined;
  let more = "";
  for (;;) {
    cursor.skipBlanks();
    if (!isBreak(cursor.code())) return foldedBreak(first, more);
    more += cursor.lineBreak();
    if (cursor.atDocumentMarker()) return undefined;
  }
}
