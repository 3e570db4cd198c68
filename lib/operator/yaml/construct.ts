import { mismatch, parseTimestamp } from "./timestamp.ts";
import type { Value } from "./values.ts";

/** Digits of one integer; Python's own limit since 3.11, because reading them takes quadratic time. */
const MAX_INT_DIGITS = 4300;

const BOOLS: ReadonlyMap<string, boolean> = new Map([
  ["yes", true],
  ["true", true],
  ["on", true],
  ["no", false],
  ["false", false],
  ["off", false],
]);

const SCALARS: ReadonlyMap<string, (text: string) => Value> = new Map<string, (text: string) => Value>([
  ["str", (text) => text],
  ["null", () => null],
  ["bool", parseBoolScalar],
  ["int", parseIntScalar],
  ["float", parseFloatScalar],
  ["timestamp", parseTimestamp],
  ["binary", parseBinary],
]);

/**
 * What PyYAML's safe loader makes of a scalar with a tag, written without `tag:yaml.org,2002:`.
 * Undefined for a tag that it does not know.
 *
 * @throws Error where the text does not fit the tag.
 */
export function constructScalar(tag: string, text: string): Value | undefined {
  return SCALARS.get(tag)?.(text);
}

function parseBoolScalar(text: string): boolean {
  const value = BOOLS.get(text.toLowerCase());
  if (value === undefined) throw mismatch("true or false", text);
  return value;
}

function withSign(text: string): { negative: boolean; digits: string } {
  const digits = text.replaceAll("_", "");
  const negative = digits.startsWith("-");
  return { negative, digits: negative || digits.startsWith("+") ? digits.slice(1) : digits };
}

/** 12, 0b11, 0x1f, 017 (octal), 1_000, 1:30 (base 60), with a sign. */
export function parseIntScalar(text: string): bigint {
  const { negative, digits } = withSign(text.trim());
  if (digits.length > MAX_INT_DIGITS) throw mismatch(`at most ${MAX_INT_DIGITS} digits`, digits.slice(0, 20));
  const value = unsignedInt(digits);
  if (value === undefined) throw mismatch("an integer", text);
  return negative ? -value : value;
}

function unsignedInt(digits: string): bigint | undefined {
  if (/^(?:0|[1-9][0-9]*)$/.test(digits)) return BigInt(digits);
  if (/^(?:0b[01]+|0x[0-9a-fA-F]+|0o[0-7]+)$/.test(digits)) return BigInt(digits);
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits}`);
  if (!/^[1-9][0-9]*(?::[0-9]+)+$/.test(digits)) return undefined;
  return digits.split(":").reduce((sum, part) => sum * 60n + BigInt(part), 0n);
}

/** 1.5, 1_000.0, .5e+3, 1:30.5 (base 60), .inf, .nan; behind a tag also what Python's `float()` reads. */
export function parseFloatScalar(text: string): number {
  const { negative, digits } = withSign(text.trim().toLowerCase());
  const value = unsignedFloat(digits);
  if (value === undefined) throw mismatch("a number", text);
  return negative ? -value : value;
}

function unsignedFloat(digits: string): number | undefined {
  if (digits === ".inf" || digits === "inf" || digits === "infinity") return Number.POSITIVE_INFINITY;
  if (digits === ".nan" || digits === "nan") return Number.NaN;
  const parts = digits.split(":");
  if (!parts.every((part) => /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[-+]?[0-9]+)?$/.test(part))) return undefined;
  // Summed from the right, as Python does: the order decides the last bit.
  return parts.reduceRight((sum, part, index) => sum + Number(part) * 60 ** (parts.length - 1 - index), 0);
}

/** Base 64 as Python's `base64.decodebytes` reads it: other characters are skipped, padding must fit. */
function parseBinary(text: string): Uint8Array {
  if (/[^\0-\x7f]/.test(text)) throw mismatch("base 64 in ASCII", text.slice(0, 20));
  const significant = text.replace(/[^A-Za-z0-9+/=]/g, "");
  const end = endOfBase64(significant);
  const letters = significant.slice(0, end ?? significant.length).replaceAll("=", "");
  if (end === undefined && letters.length % 4 !== 0) throw mismatch("complete base 64", text.slice(-20));
  return new Uint8Array(Buffer.from(letters, "base64"));
}

/** Where padding completes a group of four; undefined where none does. */
function endOfBase64(text: string): number | undefined {
  let inGroup = 0;
  let pads = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) === 61) {
      pads += 1;
      if (inGroup >= 2 && inGroup + pads >= 4) return index;
    } else {
      pads = 0;
      inGroup = (inGroup + 1) % 4;
    }
  }
  return undefined;
}
