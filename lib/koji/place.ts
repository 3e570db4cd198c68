/** Longest name of a file or directory, in characters: file systems take no longer one. */
export const MAX_NAME_LENGTH = 255;

/**
 * Whether a name from Koji's data can be that of one file: whoever may import builds chooses it, and
 * `../../etc/passwd` would lead out of the build.
 */
export function isFileName(name: unknown): name is string {
  return (
    typeof name === "string" &&
    /^[^/\\\0]+$/.test(name) &&
    name.length <= MAX_NAME_LENGTH &&
    name !== "." &&
    name !== ".." &&
    name.isWellFormed()
  );
}

/**
 * The URL of a file below Koji's root.
 *
 * @param path names that are joined; each is percent-encoded, so that "#", "?" and "%" stay part of it
 * @returns undefined when one of the names is none, or there is no name
 */
export function fileUrl(kojiroot: string, path: readonly string[]): URL | undefined {
  if (path.length === 0 || !path.every(isFileName)) return undefined;
  return new URL(`${kojiroot.replace(/\/+$/, "")}/${path.map(encodeURIComponent).join("/")}`);
}

/**
 * The URL of a path that the hub itself has joined. It has "/./" in the place of no directory; a path that is
 * absolute or a URL has an empty name.
 *
 * @returns undefined when it leads out of Koji's root
 */
export function pathUrl(kojiroot: string, path: string): URL | undefined {
  return fileUrl(
    kojiroot,
    path.split("/").filter((name) => name !== "."),
  );
}
