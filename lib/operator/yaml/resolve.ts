import { parseFloatScalar, parseIntScalar } from "./construct.ts";
import { parseTimestamp } from "./timestamp.ts";
import type { Value } from "./values.ts";

/** What a plain `<<` and a plain `=` are: keys with a meaning, and no values at all. */
export const MERGE = Symbol("<<");
export const DEFAULT_VALUE = Symbol("=");

export type Resolved = Value | typeof MERGE | typeof DEFAULT_VALUE;

const TRUE_WORDS = ["yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"];
const FALSE_WORDS = ["no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"];
const NULL_WORDS = ["", "~", "null", "Null", "NULL"];

const WORDS: ReadonlyMap<string, Resolved> = new Map<string, Resolved>([
  ...TRUE_WORDS.map((word): [string, Resolved] => [word, true]),
  ...FALSE_WORDS.map((word): [string, Resolved] => [word, false]),
  ...NULL_WORDS.map((word): [string, Resolved] => [word, null]),
  ["<<", MERGE],
  ["=", DEFAULT_VALUE],
]);

const LONGEST_WORD = 5;

// The patterns of PyYAML's resolver, in its order.
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9_]+(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const INT =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const TIMESTAMP =
  /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$/;

/** `+ - .` or a digit: only with these can a number or a timestamp start. */
function startsNumber(code: number): boolean {
  return (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46;
}

/**
 * The value of a plain scalar without a tag, by the YAML 1.1 rules of PyYAML.
 *
 * @throws Error where the text looks like a number or a date and is none (2019-02-30).
 */
export function resolvePlain(text: string): Resolved {
  if (text.length <= LONGEST_WORD) {
    const word = WORDS.get(text);
    if (word !== undefined) return word;
  }
  if (!startsNumber(text.charCodeAt(0))) return text;
  if (FLOAT.test(text)) return parseFloatScalar(text);
  if (INT.test(text)) return parseIntScalar(text);
  if (TIMESTAMP.test(text)) return parseTimestamp(text);
  return text;
}

/** Whether the text, written plainly, would be read as the same string. */
export function resolvesToString(text: string): boolean {
  if (WORDS.has(text)) return false;
  if (!startsNumber(text.charCodeAt(0))) return true;
  return !(FLOAT.test(text) || INT.test(text) || TIMESTAMP.test(text));
}
