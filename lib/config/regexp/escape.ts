import type { PatternReader } from "./reader.ts";

/** What these letters stand for behind a backslash, in patterns and in templates. */
export const CONTROL_ESCAPES: ReadonlyMap<string, number> = new Map([
  ["a", 7],
  ["b", 8],
  ["f", 12],
  ["n", 10],
  ["r", 13],
  ["t", 9],
  ["v", 11],
  ["\\", 92],
]);

export const OCTAL = /^[0-7]$/;
export const DIGIT = /^[0-9]$/;
const ASCII_LETTER = /^[A-Za-z]$/;
const HEX = /^[0-9A-Fa-f]$/;

const HEX_DIGITS: ReadonlyMap<string, number> = new Map([
  ["x", 2],
  ["u", 4],
  ["U", 8],
]);

const LARGEST_OCTAL = 0o377;

/**
 * Reads an escape that stands for one character, the backslash taken already.
 *
 * @param inClass whether it stands in `[]`, where a digit can be nothing but octal
 */
export function readCharacterEscape(reader: PatternReader, inClass: boolean): number {
  const name = reader.next();
  if (name === "") reader.fail("it ends in a lone backslash, write '\\\\' for the character");
  const control = CONTROL_ESCAPES.get(name);
  if (control !== undefined) return control;
  const digits = HEX_DIGITS.get(name);
  if (digits !== undefined) return readHex(reader, name, digits);
  if (OCTAL.test(name) && (inClass || name === "0")) {
    return octal(reader, name + reader.takeWhile(OCTAL, 2));
  }
  if (DIGIT.test(name)) return readLongOctal(reader, name);
  if (ASCII_LETTER.test(name)) reader.fail(`'\\${name}' is no escape that is supported`);
  return name.codePointAt(0) ?? 0;
}

function readHex(reader: PatternReader, name: string, length: number): number {
  const digits = reader.takeWhile(HEX, length);
  const code = Number.parseInt(digits, 16);
  if (digits.length === length && code <= 0x10ffff) return code;
  return reader.fail(`'\\${name}' needs ${length} hexadecimal digits of a character, not '${digits}'`);
}

/** Three octal digits are a character, fewer a reference to a group. */
function readLongOctal(reader: PatternReader, first: string): number {
  const isOctal = OCTAL.test(first) && OCTAL.test(reader.peek()) && OCTAL.test(reader.peek(1));
  if (isOctal) return octal(reader, first + reader.takeWhile(OCTAL, 2));
  return reader.fail(`'\\${first}' refers back to a group, which cannot be searched for in linear time`);
}

/** The character of an octal escape. */
export function octal(reader: PatternReader, digits: string): number {
  const code = Number.parseInt(digits, 8);
  return code <= LARGEST_OCTAL ? code : reader.fail(`'\\${digits}' is above '\\377'`);
}
