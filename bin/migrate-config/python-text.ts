/** What is not Python; the message never has text of the file, which may be a token. */
export class NotPython extends Error {
  override readonly name = "NotPython";
}

const LITERAL = /^(?<prefix>[A-Za-z]*)(?<quote>'''|"""|'|")(?<body>[\s\S]*)\k<quote>$/;
const ESCAPE =
  /\\(?:(?<line>\r?\n)|(?<octal>[0-7]{1,3})|x(?<x>[0-9a-fA-F]{2})|u(?<u>[0-9a-fA-F]{4})|U(?<U>[0-9a-fA-F]{8})|(?<one>[\s\S]))/g;
const ONE: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/**
 * The text that a string literal of Python stands for; undefined for bytes and `\N{…}`, which are not read.
 *
 * @throws NotPython for one that is not closed, and for escapes that are none
 */
export function textOf(literal: string): string | undefined {
  const { prefix, body } = LITERAL.exec(literal)?.groups ?? {};
  if (prefix === undefined || body === undefined) throw new NotPython("a string is not closed");
  if (/b/i.test(prefix)) return undefined;
  if (/r/i.test(prefix)) return body;
  if (/(?<!\\)(?:\\\\)*\\N/.test(body)) return undefined;
  return body.replaceAll(ESCAPE, (whole, ...rest) => unescaped(whole, rest.at(-1)));
}

function unescaped(whole: string, groups: Readonly<Record<string, string | undefined>>): string {
  const { line, octal, one } = groups;
  if (line !== undefined) return "";
  if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
  const hex = groups["x"] ?? groups["u"] ?? groups["U"];
  if (hex === undefined) {
    if (/^[xuU]$/.test(one ?? "")) throw new NotPython("an escape of a string is cut short");
    return ONE[one ?? ""] ?? whole;
  }
  const code = Number.parseInt(hex, 16);
  if (code > 0x10ffff) throw new NotPython("an escape of a string is no character");
  return String.fromCodePoint(code);
}
