import { YamlError } from "./cursor.ts";

// What PyYAML's reader calls special characters; a lone surrogate cannot come out of strict UTF-8.
// biome-ignore lint/suspicious/noControlCharactersInRegex: naming the control characters is the point
const SPECIAL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes the bytes of a YAML file as Python's text mode and PyYAML's reader do: strict UTF-8, CRLF and
 * CR become LF (and NEL too, which PyYAML reads as one), no control characters.
 *
 * @throws YamlError for anything else.
 */
export function decodeYaml(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes).replace(/\r\n?|\x85/g, "\n");
  const special = SPECIAL.exec(text);
  if (special) throw specialCharacter(text, special.index);
  return text;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw notUtf8(bytes);
  }
}

function specialCharacter(text: string, index: number): YamlError {
  const lines = text.slice(0, index).split("\n");
  const code = text.charCodeAt(index).toString(16).toUpperCase().padStart(4, "0");
  const column = (lines.at(-1)?.length ?? 0) + 1;
  return new YamlError(`the control character U+${code} is not allowed, remove it`, lines.length, column);
}

function notUtf8(bytes: Uint8Array): YamlError {
  const valid = longestUtf8Prefix(bytes);
  const lines = utf8.decode(bytes.subarray(0, valid)).split("\n");
  const byte = (bytes[valid] ?? 0).toString(16).padStart(2, "0");
  const reason = `expected UTF-8, but found the byte 0x${byte}, save the file as UTF-8`;
  return new YamlError(reason, lines.length, (lines.at(-1)?.length ?? 0) + 1);
}

function longestUtf8Prefix(bytes: Uint8Array): number {
  const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
  const replaced = lenient.decode(bytes);
  let end = 0;
  let from = 0;
  for (let index = replaced.indexOf("\ufffd"); index >= 0; index = replaced.indexOf("\ufffd", from)) {
    end += Buffer.byteLength(replaced.slice(from, index));
    // A U+FFFD that the file itself holds is no error.
    if (!(bytes[end] === 0xef && bytes[end + 1] === 0xbf && bytes[end + 2] === 0xbd)) break;
    end += 3;
    from = index + 1;
  }
  return end;
}
