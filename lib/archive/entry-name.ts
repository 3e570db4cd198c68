import { UploadedFileError } from "../errors/index.ts";

/** Longest path of an entry, in bytes: what Linux takes. */
export const MAX_PATH_BYTES = 4096;

/** Longest name of one file or directory, in bytes: what common file systems take. */
export const MAX_NAME_BYTES = 255;

/** Most directories around a file. The deepest known package has 2. */
export const MAX_DIRECTORIES = 100;

/** Bytes of a name that a message shows. */
const MAX_SHOWN_BYTES = 300;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Gives the path that an entry's raw name stands for: relative, "/" between names, a "." step left out,
 * a "/" at the end for a directory.
 *
 * @throws UploadedFileError for a name that could leave the package or that is not the same on every system
 */
export function entryPath(rawName: Buffer): string {
  const refuse = (why: string) =>
    new UploadedFileError(
      `The archive has an entry ${shownName(rawName)} ${why}. Rename it, and make the archive anew.`,
    );
  if (rawName.length > MAX_PATH_BYTES) throw refuse(`with a path of over ${MAX_PATH_BYTES} bytes`);
  const name = decode(rawName);
  if (name === undefined) throw refuse("whose name is not UTF-8");
  if (/\p{Cc}/u.test(name)) throw refuse("with a control character in its name");
  if (name.includes("\\")) throw refuse("with a backslash in its name; names are separated by '/'");
  if (/^(\/|[A-Za-z]:)/.test(name)) throw refuse("with an absolute path; paths must be relative");

  const directory = name.endsWith("/");
  const steps = (directory ? name.slice(0, -1) : name).split("/");
  if (steps.length > MAX_DIRECTORIES + 1) throw refuse(`inside more than ${MAX_DIRECTORIES} directories`);
  for (const step of steps) {
    if (step === "") throw refuse("with an empty name in its path");
    if (step === "..") throw refuse("with '..' in its path");
    if (Buffer.byteLength(step) > MAX_NAME_BYTES) throw refuse(`with a name of over ${MAX_NAME_BYTES} bytes`);
  }
  const kept = steps.filter((step) => step !== ".");
  if (kept.length === 0 && !directory) throw refuse("without a name");
  return kept.join("/") + (directory && kept.length > 0 ? "/" : "");
}

/** A name for a message, in quotes, with its control characters escaped; a long one is cut. */
export function shownName(rawName: Uint8Array): string {
  const cut = rawName.length > MAX_SHOWN_BYTES;
  return JSON.stringify(Buffer.from(rawName.subarray(0, MAX_SHOWN_BYTES)).toString() + (cut ? "…" : ""));
}

function decode(rawName: Buffer): string | undefined {
  try {
    return utf8.decode(rawName);
  } catch {
    return undefined;
  }
}

/**
 * Holds the paths of an archive against each other.
 *
 * @throws UploadedFileError when two are the same file on a system that ignores case or composes letters,
 *   or one is a file and a directory at once
 */
export function checkDistinct(paths: readonly string[]): void {
  const files = new Map<string, string>();
  for (const path of paths.filter((path) => !path.endsWith("/"))) {
    const twin = files.get(folded(path));
    if (twin !== undefined)
      throw new UploadedFileError(
        `The archive has ${shownPath(path)} twice${twin === path ? "" : `, also as ${shownPath(twin)}`}. Leave one out.`,
      );
    files.set(folded(path), path);
  }
  for (const path of paths.map(folded)) {
    for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1)) {
      const above = files.get(path.slice(0, end));
      if (above !== undefined)
        throw new UploadedFileError(
          `The archive has ${shownPath(above)} as a file and as a directory. Rename one.`,
        );
    }
  }
}

/** A path for a message, as `shownName`. */
export function shownPath(path: string): string {
  return shownName(Buffer.from(path));
}

function folded(path: string): string {
  return path.normalize("NFC").toLowerCase();
}
