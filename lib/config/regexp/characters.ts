/** A code point to whether it belongs. */
export type Test = (code: number) => boolean;

const ASCII_CODES = 128;

/** A set of characters; ASCII is looked up in a table. */
export class CharacterSet {
  readonly #ascii: Uint8Array;
  readonly #test: Test;

  constructor(test: Test) {
    this.#test = test;
    this.#ascii = Uint8Array.from({ length: ASCII_CODES }, (_, code) => (test(code) ? 1 : 0));
  }

  has(code: number): boolean {
    return code < ASCII_CODES ? this.#ascii[code] === 1 : this.#test(code);
  }
}

const DIGIT = /^\p{Nd}$/u;
const WORD = /^[\p{L}\p{N}_]$/u;
/** What `str.isspace()` takes: more than JavaScript's `\s` (U+001C to U+001F, U+0085), less too (U+FEFF). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: Python takes these four for blanks
const SPACE = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/;

const ASCII_WORD = /^[0-9A-Za-z_]$/;

const ASCII_CATEGORIES: ReadonlyMap<string, RegExp> = new Map([
  ["d", /^[0-9]$/],
  ["w", ASCII_WORD],
  ["s", /^[ \t-\r]$/],
]);

const CATEGORIES: ReadonlyMap<string, RegExp> = new Map([
  ["d", DIGIT],
  ["w", WORD],
  ["s", SPACE],
]);

/** The characters of `\d`, `\D`, `\s`, `\S`, `\w` or `\W`, by its letter; undefined for another one. */
export function category(letter: string, ascii: boolean): Test | undefined {
  const pattern = (ascii ? ASCII_CATEGORIES : CATEGORIES).get(letter.toLowerCase());
  if (!pattern) return undefined;
  const negated = letter !== letter.toLowerCase();
  return (code) => pattern.test(String.fromCodePoint(code)) !== negated;
}

let words: { readonly ascii: CharacterSet; readonly all: CharacterSet } | undefined;

/** Whether the character is one of `\w`. */
export function isWord(code: number, ascii: boolean): boolean {
  // Made when first used: the tables of Unicode take a millisecond, and most rules do without.
  words ??= { ascii: wordSet(true), all: wordSet(false) };
  return (ascii ? words.ascii : words.all).has(code);
}

function wordSet(ascii: boolean): CharacterSet {
  const pattern = ascii ? ASCII_WORD : WORD;
  return new CharacterSet((code) => pattern.test(String.fromCodePoint(code)));
}

/** Characters that no lowercase mapping joins, but Python's IGNORECASE does: ſ with s, dotless ı with i. */
const CASE_TWINS: ReadonlyMap<number, number> = new Map([
  [0x73, 0x17f],
  [0x69, 0x131],
]);

const DOTTED_CAPITAL_I = 0x130;

/** Python's simple lowercase mapping, one character to one. */
function lower(code: number, ascii: boolean): number {
  if (code < ASCII_CODES || ascii) return code >= 65 && code <= 90 ? code + 32 : code;
  if (code === DOTTED_CAPITAL_I) return 0x69;
  return String.fromCodePoint(code).toLowerCase().codePointAt(0) ?? code;
}

/** Characters from one to another, both included. */
export type Range = readonly [from: number, to: number];

/** A class that ignores case, of ASCII characters and categories, as `re` builds it. */
export function ignoringCase(ranges: readonly Range[], categories: readonly Test[], ascii: boolean): Test {
  const members = new Set<number>();
  let cased = false;
  for (const [from, to] of ranges) {
    for (let code = from; code <= to; code += 1) {
      const small = lower(code, ascii);
      members.add(small);
      const twin = ascii ? undefined : CASE_TWINS.get(small);
      if (twin !== undefined) members.add(twin);
      cased ||= small >= 97 && small <= 122;
    }
  }
  return (code) => {
    const compared = cased ? lower(code, ascii) : code;
    return members.has(compared) || categories.some((test) => test(compared));
  };
}

export function inRanges(ranges: readonly Range[], categories: readonly Test[]): Test {
  return (code) =>
    ranges.some(([from, to]) => code >= from && code <= to) || categories.some((test) => test(code));
}
