import type { SyntaxNode } from "@lezer/common";
import { textOf } from "./python-text.ts";

/** A value that is not read, as a call; it may be inside others. */
export class Unreadable {
  readonly line: number;
  readonly reason: string;

  constructor(line: number, reason: string) {
    this.line = line;
    this.reason = reason;
  }
}

export type PythonValue =
  | string
  | number
  | boolean
  | null
  | Unreadable
  | readonly PythonValue[]
  | ReadonlyMap<string, PythonValue>;

/** Values inside values; configurations have five, and the stack of calls some thousands. */
export const MAX_DEPTH = 100;

/** Characters of a text made of others. */
export const MAX_TEXT = 1_000_000;

/** What an expression is read with. */
export interface Surroundings {
  readonly source: string;
  readonly lineOf: (offset: number) => number;
  /** The value of `NAME` or `Class.NAME`, where it is known. */
  readonly named: (name: string) => PythonValue | undefined;
  /** Is told of keys that a dict has twice. */
  readonly warn: (line: number, text: string) => void;
}

const KINDS: Readonly<Record<string, string>> = {
  CallExpression: "a call",
  FormatString: "an f-string",
  LambdaExpression: "a lambda",
  ConditionalExpression: "a condition",
  SetExpression: "a set",
};

/** Reads an expression of literals; nothing is executed. Throws NotPython for strings that are none. */
export function readValue(node: SyntaxNode, around: Surroundings, depth = 0): PythonValue {
  const text = () => around.source.slice(node.from, node.to);
  const unreadable = (reason: string) => new Unreadable(around.lineOf(node.from), reason);
  if (depth > MAX_DEPTH) return unreadable(`more than ${MAX_DEPTH} values inside each other`);
  const inner = (child: SyntaxNode) => readValue(child, around, depth + 1);
  switch (node.name) {
    case "String":
      return textOf(text()) ?? unreadable("bytes, or a character by its name");
    case "ContinuedString":
      return parts(node)
        .map(inner)
        .reduce((all, part) => applied("+", all, part) ?? unreadable("a mixture"));
    case "Number":
      return numberOf(text()) ?? unreadable("a number that JSON does not keep exactly");
    case "Boolean":
      return text() === "True";
    case "None":
      return null;
    case "ParenthesizedExpression": {
      const [only] = parts(node);
      return only ? inner(only) : unreadable("empty parentheses");
    }
    case "ArrayExpression":
    case "TupleExpression":
      if (node.getChild("*")) return unreadable("a list with '*'");
      return parts(node).map(inner);
    case "DictionaryExpression":
      return dictOf(node, around, depth);
    case "UnaryExpression":
    case "BinaryExpression":
      return arithmetic(node, around, inner) ?? unreadable("an expression that is not simple arithmetic");
    case "VariableName":
    case "MemberExpression":
      return around.named(text()) ?? unreadable("a name that is not assigned a literal before");
    default:
      return unreadable(KINDS[node.name] ?? "no literal");
  }
}

/** The children that are not punctuation or comments. */
export function parts(node: SyntaxNode): readonly SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling)
    if (/^[A-Z]/.test(child.name) && child.name !== "Comment") found.push(child);
  return found;
}

function dictOf(node: SyntaxNode, around: Surroundings, depth: number): PythonValue {
  const unreadable = (reason: string) => new Unreadable(around.lineOf(node.from), reason);
  if (node.getChild("**")) return unreadable("a dict with '**'");
  const entries = new Map<string, PythonValue>();
  const all = parts(node);
  for (let index = 0; index + 1 < all.length; index += 2) {
    const [key, value] = all.slice(index, index + 2);
    if (!key || !value) break;
    const name = readValue(key, around, depth + 1);
    if (typeof name !== "string") return unreadable("a dict with a key that is no text");
    if (entries.has(name))
      around.warn(around.lineOf(key.from), "a dict has a key twice; the last one counts");
    entries.set(name, readValue(value, around, depth + 1));
  }
  return entries;
}

function numberOf(literal: string): number | undefined {
  const digits = literal.replaceAll("_", "");
  if (/^0[0-9]+$/.test(digits) && !/^0+$/.test(digits)) return undefined;
  return exact(Number(digits));
}

function exact(value: number): number | undefined {
  if (!Number.isFinite(value)) return undefined;
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? undefined : value;
}

function arithmetic(node: SyntaxNode, around: Surroundings, inner: (child: SyntaxNode) => PythonValue) {
  const operator = node.getChild("ArithOp");
  const [left, right] = parts(node)
    .filter(({ name }) => name !== "ArithOp")
    .map(inner);
  if (!operator || left === undefined) return undefined;
  const sign = around.source.slice(operator.from, operator.to);
  if (node.name === "BinaryExpression") return right === undefined ? undefined : applied(sign, left, right);
  return /^[+-]$/.test(sign) && typeof left === "number" ? applied(sign, 0, left) : undefined;
}

function applied(sign: string, left: PythonValue, right: PythonValue): PythonValue | undefined {
  if (left instanceof Unreadable) return left;
  if (right instanceof Unreadable) return right;
  if (typeof left === "string" && typeof right === "string" && sign === "+")
    return left.length + right.length > MAX_TEXT ? undefined : left + right;
  if (typeof left !== "number" || typeof right !== "number") return undefined;
  if (sign === "+") return exact(left + right);
  if (sign === "-") return exact(left - right);
  if (sign === "*") return exact(left * right);
  if (sign === "/") return exact(left / right);
  if (sign === "//") return exact(Math.floor(left / right));
  return sign === "**" ? exact(left ** right) : undefined;
}
