import type { Value } from "./yaml/index.ts";

/**
 * Whether Python's `json.loads` accepts the value: JSON, and also NaN and the infinities, in text or
 * in bytes of UTF-8, UTF-16 or UTF-32.
 */
export function isJson(value: Value): boolean {
  const text = value instanceof Uint8Array ? decode(value) : value;
  if (typeof text !== "string") return false;
  return parses(() => text) || parses(() => withoutConstants(text));
}

/** False also for texts that are too long for the engine (a string with millions of escapes). */
function parses(text: () => string): boolean {
  try {
    JSON.parse(text());
    return true;
  } catch {
    return false;
  }
}

/** Strings are matched only to be left alone, unclosed ones too: a search from each of their quotes takes hours. */
function withoutConstants(text: string): string {
  return text.replace(/"[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|\\?$)|NaN|-?Infinity/g, (found) =>
    found.startsWith('"') ? found : "null",
  );
}

type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "utf-32le" | "utf-32be";

/** Undefined where the bytes are no text. A byte order mark is dropped, as Python does for bytes only. */
function decode(bytes: Uint8Array): string | undefined {
  const encoding = encodingOf(bytes);
  try {
    if (encoding === "utf-32le" || encoding === "utf-32be")
      return decodeUtf32(bytes, encoding === "utf-32le");
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** By the byte order mark, or by where the zero bytes of two ASCII characters would be. */
function encodingOf(bytes: Uint8Array): Encoding {
  const [a = 1, b = 1, c = 1, d = 1] = bytes;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 && bytes.length >= 4 ? "utf-32le" : "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return "utf-32be";
  if (bytes.length >= 4) {
    if (a === 0) return b === 0 ? "utf-32be" : "utf-16be";
    if (b === 0) return c === 0 && d === 0 ? "utf-32le" : "utf-16le";
  } else if (bytes.length === 2) {
    if (a === 0) return "utf-16be";
    if (b === 0) return "utf-16le";
  }
  return "utf-8";
}

function decodeUtf32(bytes: Uint8Array, littleEndian: boolean): string {
  if (bytes.length % 4 !== 0) throw new RangeError("truncated UTF-32");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = "";
  for (let offset = 0; offset < bytes.length; offset += 4) {
    text += String.fromCodePoint(view.getUint32(offset, littleEndian));
  }
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
