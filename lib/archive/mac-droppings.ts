/** First bytes of an AppleDouble file (RFC 1740), in which macOS keeps what zip has no place for. */
const APPLE_DOUBLE = Buffer.from([0x00, 0x05, 0x16, 0x07]);

/**
 * Whether a file of an archive is what macOS adds when it makes one: the directory `__MACOSX`, `._name` beside a
 * file, `.DS_Store`. Nobody wants them in a package, and as "YAML" they would make it invalid.
 */
export function isMacDropping(path: string, content: Uint8Array): boolean {
  const steps = path.split("/");
  const name = steps.at(-1) ?? "";
  if (steps.length > 1 && steps[0] === "__MACOSX") return true;
  if (name === ".DS_Store") return true;
  return name.startsWith("._") && APPLE_DOUBLE.equals(content.subarray(0, APPLE_DOUBLE.length));
}
