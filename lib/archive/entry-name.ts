import { UploadedFileError } from "../errors/index.ts";

/** Longest path of an entry, in bytes: what Linux takes. */
export const MAX_PATH_BYTES = 4096;

/** Longest name of one file or directory, in bytes: what common file systems take. */
export const MAX_NAME_BYTES = 255;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Gives the path that an entry's raw name stands for: relative, "/" between names, a "." step left out,
 * a "/" at the end for a directory.
 *
 * @throws UploadedFileError for a name that could leave the package or that is not the same on every system
 */
export function entryPath(rawName: Buffer): string {
  const name = decode(rawName);
  const shown = JSON.stringify(name);
  const refuse = (why: string) =>
    new UploadedFileError(
      `The archive has an entry ${shown.slice(0, 300)} ${why}. Rename it, and make the archive anew.`,
    );

  if (/\p{Cc}/u.test(name)) throw refuse("with a control character in its name");
  if (name.includes("\\")) throw refuse("with a backslash in its name; names are separated by '/'");
  if (/^(\/|[A-Za-z]:)/.test(name)) throw refuse("with an absolute path; paths must be relative");
  if (rawName.length > MAX_PATH_BYTES) throw refuse(`with a path of over ${MAX_PATH_BYTES} bytes`);

  const directory = name.endsWith("/");
  const steps = (directory ? name.slice(0, -1) : name).split("/");
  for (const step of steps) {
    if (step === "") throw refuse("with an empty name in its path");
    if (step === "..") throw refuse("with '..' in its path");
    if (Buffer.byteLength(step) > MAX_NAME_BYTES) throw refuse(`with a name of over ${MAX_NAME_BYTES} bytes`);
  }
  const kept = steps.filter((step) => step !== ".");
  if (kept.length === 0 && !directory) throw refuse("without a name");
  return kept.join("/") + (directory && kept.length > 0 ? "/" : "");
}

function decode(rawName: Buffer): string {
  try {
    return utf8.decode(rawName);
  } catch (cause) {
    throw new UploadedFileError(
      `The archive has an entry whose name is not UTF-8: '${rawName.toString("latin1")}'. Rename it, and make the archive anew.`,
      { cause },
    );
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
        `The archive has '${path}' twice${twin === path ? "" : `, also as '${twin}'`}. Leave one out.`,
      );
    files.set(folded(path), path);
  }
  for (const path of paths) {
    const steps = path.split("/");
    for (let depth = 1; depth < steps.length; depth++) {
      const above = files.get(folded(steps.slice(0, depth).join("/")));
      if (above !== undefined)
        throw new UploadedFileError(`The archive has '${above}' as a file and as a directory. Rename one.`);
    }
  }
}

function folded(path: string): string {
  return path.normalize("NFC").toLowerCase();
}
