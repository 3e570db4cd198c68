import { floatRepr } from "./float.ts";
import { resolvesToString } from "./resolve.ts";
import { type Collection, isCollection, PyDate, PyDateTime, type Value } from "./values.ts";

type Scalar = Exclude<Value, Collection>;

/** Of a literal block, against the collection around it. */
const BLOCK_INDENT = 2;

/** A scalar as the value of an entry; `column` is that of the collection around it. */
export function valueText(value: Scalar, column: number): string {
  return typeof value === "string" && isLiteral(value) ? literal(value, column) : inlineText(value);
}

/** A scalar as a key: on one line. */
export function keyText(key: Value): string {
  if (isCollection(key)) throw new Error("a key must be a scalar");
  return inlineText(key);
}

function inlineText(value: Scalar): string {
  if (typeof value === "string") return blockText(value);
  if (typeof value === "number") return floatText(value);
  if (value instanceof Uint8Array) return `!!binary "${Buffer.from(value).toString("base64")}"`;
  return value instanceof PyDate || value instanceof PyDateTime ? value.iso : String(value);
}

/** YAML 1.1 wants a dot in every float. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  const text = floatRepr(value);
  return text.includes(".") ? text : text.replace("e", ".0e");
}

/** Printable ASCII on several lines, none of which ends in a blank. */
function isLiteral(text: string): boolean {
  return text.includes("\n") && !/[^\n -~]| (?:\n|$)/.test(text) && /[^\n]/.test(text);
}

function literal(text: string, column: number): string {
  const indented = text.replace(/^(?=.)/gm, " ".repeat(column + BLOCK_INDENT));
  const hint = text.startsWith(" ") || text.startsWith("\n") ? String(BLOCK_INDENT) : "";
  if (!text.endsWith("\n")) return `|${hint}-\n${indented}`;
  return `|${hint}${text.endsWith("\n\n") ? "+" : ""}\n${indented.slice(0, -1)}`;
}

const PLAIN = /^(?:[A-Za-z0-9_./$(^;+\\]|-[A-Za-z0-9_])[ -~]*$/;
const NOT_PLAIN = /: | #|[: ]$/;

/**
 * A text as a key or value of a block collection, on one line: plain if every reader of YAML takes it for
 * the text that it is, else in quotes.
 */
export function blockText(text: string): string {
  if (PLAIN.test(text) && !NOT_PLAIN.test(text) && isTextForAll(text)) return text;
  if (/^[ -~]*$/.test(text)) return `'${text.replaceAll("'", "''")}'`;
  return flowText(text);
}

/** A text as a key or value inside `[]` and `{}`, which JSON could read too if it is ASCII. */
export function flowText(text: string): string {
  return `"${text.replace(/[^ -~]|["\\]/gu, escapeCharacter)}"`;
}

/** YAML 1.2 reads 1e3 and 0o17 as numbers, and Go's yaml.v2 reads y and n as booleans. */
function isTextForAll(text: string): boolean {
  return resolvesToString(text) && Number.isNaN(Number(text)) && !/^[yn]$/i.test(text);
}

function escapeCharacter(character: string): string {
  if (character === "\n") return "\\n";
  if (character === '"' || character === "\\") return `\\${character}`;
  const hex = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  if (hex.length <= 2) return `\\x${hex.padStart(2, "0")}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
