import { CONTROL_ESCAPES, DIGIT, OCTAL, octal } from "./escape.ts";
import { GROUP_NAME } from "./group.ts";
import { PatternReader } from "./reader.ts";
import type { Match } from "./search.ts";
import type { Pattern } from "./syntax.ts";

/** Texts, and numbers of groups (0 for the whole match). */
export type Template = readonly (string | number)[];

/**
 * Reads the replacement of Python's `re.sub`.
 *
 * @throws RegexpError for an unknown escape and for a group that the pattern does not have.
 */
export function parseTemplate(text: string, pattern: Pattern): Template {
  const reader = new PatternReader(text);
  const parts: (string | number)[] = [];
  while (!reader.done) {
    const plain = reader.takeWhile(/^[^\\]$/u);
    if (plain !== "") parts.push(plain);
    else parts.push(readEscape(reader, pattern));
  }
  return parts;
}

/** What the template comes to for one match. A group that took no part is empty. */
export function expand(template: Template, text: string, match: Match): string {
  return template
    .map((part) => (typeof part === "string" ? part : text.slice(match[2 * part], match[2 * part + 1])))
    .join("");
}

function readEscape(reader: PatternReader, pattern: Pattern): string | number {
  reader.next();
  const name = reader.next();
  if (name === "") reader.fail("it ends in a lone backslash, write '\\\\' for the character");
  if (name === "g") return groupByName(reader, pattern);
  if (name === "0") return String.fromCharCode(Number.parseInt(name + reader.takeWhile(OCTAL, 2), 8));
  if (DIGIT.test(name)) return numberedEscape(reader, name, pattern);
  const control = CONTROL_ESCAPES.get(name);
  if (control !== undefined) return String.fromCharCode(control);
  if (/^[A-Za-z]$/.test(name))
    reader.fail(`'\\${name}' is no escape, write '\\\\${name}' for the characters`);
  return `\\${name}`;
}

/** `\1`, `\12`, or with three octal digits a character. */
function numberedEscape(reader: PatternReader, first: string, pattern: Pattern): string | number {
  const second = DIGIT.test(reader.peek()) ? reader.next() : "";
  const isOctal = second !== "" && [first, second, reader.peek()].every((digit) => OCTAL.test(digit));
  if (isOctal) return String.fromCharCode(octal(reader, first + second + reader.next()));
  return groupByNumber(reader, Number(first + second), pattern);
}

function groupByName(reader: PatternReader, pattern: Pattern): number {
  if (!reader.took("<")) reader.fail("'\\g' must be followed by '<', a group and '>'");
  const name = reader.takeUntil(">", "the name of a group");
  if (/^[0-9]{1,9}$/.test(name)) return groupByNumber(reader, Number(name), pattern);
  if (!GROUP_NAME.test(name))
    reader.fail(`${JSON.stringify(name)} is neither the name nor the number of a group`);
  return pattern.names.get(name) ?? reader.fail(`the pattern has no group '${name}'`);
}

function groupByNumber(reader: PatternReader, number: number, { groups }: Pattern): number {
  if (number <= groups) return number;
  const has = groups === 0 ? "no groups" : `the groups 1 to ${groups} only`;
  return reader.fail(`it names the group ${number}, but the pattern has ${has}`);
}
