import type { MappingSource } from "../yaml/index.ts";
import type { Change } from "./splice.ts";

/** The line breaks of YAML 1.1, without CR. */
const BREAKS = "\n\x85\u2028\u2029";

/**
 * Puts lines in front of the first key of a block mapping. Comments above the key stay with it, unless they
 * are the head of the file.
 */
export function insertionInBlock(text: string, { start }: MappingSource, lines: readonly string[]): Change {
  const from = lineStart(text, start);
  const before = text.slice(from, start).replace(/^\ufeff/, "");
  const pad = " ".repeat(before.length);
  if (before !== pad)
    return insertion(
      start,
      lines.map((line) => `${line}\n${pad}`),
    );
  const place = aboveComments(text, from) ?? start - pad.length;
  return insertion(
    place,
    lines.map((line) => `${pad}${line}\n`),
  );
}

function insertion(place: number, lines: readonly string[]): Change {
  return { start: place, end: place, text: lines.join("") };
}

function lineStart(text: string, place: number): number {
  let start = place;
  while (start > 0 && !BREAKS.includes(text.charAt(start - 1))) start -= 1;
  return start;
}

/** Start of the first of the blank lines and comments above a line; undefined where nothing is before them. */
function aboveComments(text: string, line: number): number | undefined {
  let start = line;
  while (start > 0) {
    const above = lineStart(text, start - 1);
    if (!/^ *(?:#|$)/.test(text.slice(above, start - 1))) return start;
    start = above;
  }
  return undefined;
}
