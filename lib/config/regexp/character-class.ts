import { CharacterSet, category, ignoringCase, inRanges, type Range, type Test } from "./characters.ts";
import { readCharacterEscape } from "./escape.ts";
import type { PatternReader } from "./reader.ts";
import type { Flags, Node } from "./syntax.ts";

/** A part that matches one character, given or of a category. */
export function charactersNode(
  reader: PatternReader,
  flags: Flags,
  ranges: readonly Range[],
  categories: readonly Test[] = [],
  negated = false,
): Node {
  const test = testOf(reader, flags, ranges, categories);
  const [range] = ranges;
  const single = ranges.length === 1 && range && range[0] === range[1] && categories.length === 0;
  const literal = single && !negated && !flags.ignoreCase ? String.fromCodePoint(range[0]) : undefined;
  return { type: "characters", set: new CharacterSet(negated ? (code) => !test(code) : test), literal };
}

function testOf(
  reader: PatternReader,
  { ignoreCase, ascii }: Flags,
  ranges: readonly Range[],
  categories: readonly Test[],
): Test {
  if (!ignoreCase) return inRanges(ranges, categories);
  // Python's tables of cases differ from version to version, but for ASCII.
  if (ranges.some(([, to]) => to > 127))
    reader.fail("only ASCII characters are supported where case is ignored");
  return ignoringCase(ranges, categories, ascii);
}

/** Reads `[…]`, the first bracket taken already. */
export function readClass(reader: PatternReader, flags: Flags): Node {
  const negated = reader.took("^");
  const ranges: Range[] = [];
  const categories: Test[] = [];
  for (let first = true; first || reader.peek() !== "]"; first = false) {
    const from = readMember(reader, flags);
    const isRange = reader.peek() === "-" && reader.peek(1) !== "]" && reader.peek(1) !== "";
    if (isRange) {
      reader.next();
      ranges.push(toRange(reader, from, readMember(reader, flags)));
    } else if (typeof from === "number") ranges.push([from, from]);
    else categories.push(from);
  }
  reader.next();
  return charactersNode(reader, flags, ranges, categories, negated);
}

function readMember(reader: PatternReader, { ascii }: Flags): number | Test {
  const character = reader.next();
  if (character === "") reader.fail("'[' is not closed, write ']' behind it or '\\[' for the character");
  if (character !== "\\") return character.codePointAt(0) ?? 0;
  const named = category(reader.peek(), ascii);
  if (!named) return readCharacterEscape(reader, true);
  reader.next();
  return named;
}

function toRange(reader: PatternReader, from: number | Test, to: number | Test): Range {
  if (typeof from === "number" && typeof to === "number" && from <= to) return [from, to];
  return reader.fail("a range in '[]' must go from a character up to a later one, put a lone '-' last");
}
