import { charactersNode, readClass } from "./character-class.ts";
import { category } from "./characters.ts";
import { readCharacterEscape } from "./escape.ts";
import { type Groups, readGroupOpening, readStartFlags } from "./group.ts";
import { PatternReader } from "./reader.ts";
import type { Flags, Node, Pattern, Place } from "./syntax.ts";

const START_FLAGS: Flags = { ignoreCase: false, multiline: true, dotAll: false, ascii: false };

const ESCAPED_PLACES: ReadonlyMap<string, Place> = new Map<string, Place>([
  ["A", "text start"],
  ["Z", "text end"],
  ["b", "word boundary"],
  ["B", "inside word or blank"],
]);

const LINE_FEED = 10;
const LAST_CODE = 0x10ffff;

/** Python's own limit has ten digits. */
const MAX_COUNT_DIGITS = 9;

/** Groups inside each other. The rest of a rule's life is recursive, so that there must be an end. */
const MAX_NESTING = 100;

/**
 * Reads a pattern of Python's `re`, as of 3.8, with MULTILINE on.
 *
 * @throws RegexpError where Python refuses it, and for what cannot be matched in linear time or would mean
 *   something else than in Python
 */
export function parsePattern(text: string): Pattern {
  return new Parser(text).pattern();
}

class Parser {
  readonly #reader: PatternReader;
  readonly #groups: Groups = { count: 0, names: new Map() };
  #nesting = 0;

  constructor(text: string) {
    this.#reader = new PatternReader(text);
  }

  pattern(): Pattern {
    const root = this.#choice(readStartFlags(this.#reader, START_FLAGS));
    if (!this.#reader.done) this.#reader.fail("')' has no '(' before it, write '\\)' for the character");
    return { root, groups: this.#groups.count, names: this.#groups.names };
  }

  #choice(flags: Flags): Node {
    const options = [this.#sequence(flags)];
    while (this.#reader.took("|")) options.push(this.#sequence(flags));
    const [only] = options;
    return only && options.length === 1 ? only : { type: "choice", options };
  }

  #sequence(flags: Flags): Node {
    const reader = this.#reader;
    const items: Node[] = [];
    while (!reader.done && reader.peek() !== "|" && reader.peek() !== ")") {
      if (!reader.took("(")) items.push(this.#repeated(this.#atom(flags)));
      else {
        const opening = readGroupOpening(reader, flags, this.#groups);
        if (opening !== "comment") items.push(this.#repeated(this.#group(opening.flags, opening.number)));
      }
    }
    return { type: "sequence", items };
  }

  #group(flags: Flags, number: number | undefined): Node {
    this.#nesting += 1;
    if (this.#nesting > MAX_NESTING) this.#reader.fail(`groups are nested more than ${MAX_NESTING} deep`);
    const item = this.#choice(flags);
    this.#nesting -= 1;
    if (!this.#reader.took(")")) this.#reader.fail("'(' is not closed, write '\\(' for the character");
    return number === undefined ? item : { type: "group", number, item };
  }

  #atom(flags: Flags): Node {
    const reader = this.#reader;
    const character = reader.next();
    switch (character) {
      case "\\":
        return this.#escape(flags);
      case "[":
        return readClass(reader, flags);
      case ".":
        return charactersNode(reader, { ...flags, ignoreCase: false }, dotRanges(flags));
      case "^":
        return place(flags.multiline ? "line start" : "text start");
      case "$":
        return place(flags.multiline ? "line end" : "last line end");
      case "*":
      case "+":
      case "?":
        return reader.fail(
          `'${character}' has nothing before it to repeat, write '\\${character}' for the character`,
        );
      default:
        return literal(reader, flags, character.codePointAt(0) ?? 0);
    }
  }

  #escape(flags: Flags): Node {
    const reader = this.#reader;
    const name = reader.peek();
    const at = ESCAPED_PLACES.get(name);
    const named = category(name, flags.ascii);
    if (!at && !named) return literal(reader, flags, readCharacterEscape(reader, false));
    reader.next();
    if (at) return { type: "place", place: at, ascii: flags.ascii };
    return charactersNode(reader, flags, [], named ? [named] : []);
  }

  #repeated(item: Node): Node {
    const reader = this.#reader;
    const count = this.#count();
    if (!count) return item;
    if (item.type === "place") reader.fail("a place between characters cannot be repeated");
    const lazy = reader.took("?");
    const mark = reader.mark();
    if (this.#count())
      reader.fail("a repetition cannot be repeated again (nor made possessive), put it in '(?:…)'");
    reader.back(mark);
    return { type: "repeat", item, ...count, lazy };
  }

  /** The count of repetitions, if one stands here. */
  #count(): { min: number; max: number } | undefined {
    const reader = this.#reader;
    if (reader.took("*")) return { min: 0, max: Number.POSITIVE_INFINITY };
    if (reader.took("+")) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (reader.took("?")) return { min: 0, max: 1 };
    return reader.peek() === "{" ? this.#bracedCount() : undefined;
  }

  /** `{2}`, `{2,}`, `{,3}` or `{2,3}`; anything else in braces is just text. */
  #bracedCount(): { min: number; max: number } | undefined {
    const reader = this.#reader;
    const mark = reader.mark();
    reader.next();
    if (reader.peek() !== "}") {
      const from = reader.takeWhile(/^[0-9]$/);
      const to = reader.took(",") ? reader.takeWhile(/^[0-9]$/) : from;
      if (reader.took("}")) {
        if (from.length > MAX_COUNT_DIGITS || to.length > MAX_COUNT_DIGITS) {
          reader.fail(`'{${from},${to}}' repeats more often than can be`);
        }
        const min = Number(from);
        const max = to === "" ? Number.POSITIVE_INFINITY : Number(to);
        if (max < min) reader.fail(`'{${from},${to}}' has its numbers the wrong way round`);
        return { min, max };
      }
    }
    reader.back(mark);
    return undefined;
  }
}

function place(where: Place): Node {
  return { type: "place", place: where, ascii: false };
}

function literal(reader: PatternReader, flags: Flags, code: number): Node {
  return charactersNode(reader, flags, [[code, code]]);
}

function dotRanges({ dotAll }: Flags): [number, number][] {
  if (dotAll) return [[0, LAST_CODE]];
  return [
    [0, LINE_FEED - 1],
    [LINE_FEED + 1, LAST_CODE],
  ];
}
