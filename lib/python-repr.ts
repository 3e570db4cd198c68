const NAMED_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/**
 * Python's `repr()` of a text. Not printable for Python are control, format, surrogate, private and unassigned
 * characters, and blanks but U+0020.
 *
 * @param ascii escapes all that is not ASCII, as Python's `ascii()` does
 */
export function stringRepr(text: string, ascii = false): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll(ascii ? /[^ -~]|\\/gu : /(?! )[\p{C}\p{Z}\\]/gu, escapeCharacter);
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

/** A character as Python writes it in a literal: `\n`, `\x07`, `\u2028`, `\U0001f40e`. */
export function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return NAMED_ESCAPES.get(character) ?? `\\x${hex.padStart(2, "0")}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, "0")}` : `\\U${hex.padStart(8, "0")}`;
}
