import { InvalidVersionFormatError } from "../errors/index.ts";

/** The contract's versions. */
export const VERSION = /^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$/;

/** Most characters of a release's name in Quay, which fails on longer ones and leaves an empty repository. */
export const MAX_VERSION_LENGTH = 255;

/** Whether a release's name has the form of the contract's versions. */
export function isVersion(name: string): boolean {
  return VERSION.test(name);
}

/**
 * Holds a version against the contract's form. Semantic versions have more (prereleases, build metadata);
 * those are not taken.
 *
 * @throws InvalidVersionFormatError
 */
export function checkVersion(version: string): string {
  if (version.length > MAX_VERSION_LENGTH) {
    throw new InvalidVersionFormatError(
      `The version has ${version.length} characters; Quay takes at most ${MAX_VERSION_LENGTH}.`,
    );
  }
  if (isVersion(version)) return version;
  throw new InvalidVersionFormatError(
    `Version ${JSON.stringify(version.slice(0, 100))} must be in format '<int>.<int>.<int>' without leading zeros, like '1.0.0'.`,
  );
}

/**
 * The version after the highest of a repository: the first number raised by one, the others zero
 * (2.5.1 → 3.0.0). Releases of another form are not looked at. Numbers may be of any length.
 *
 * @throws InvalidVersionFormatError where the version would be too long for Quay
 */
export function nextVersion(releases: readonly string[], first: string): string {
  let highest = -1n;
  for (const release of releases) {
    const major = VERSION.exec(release)?.[1];
    if (major !== undefined && BigInt(major) > highest) highest = BigInt(major);
  }
  const next = highest < 0n ? first : `${highest + 1n}.0.0`;
  if (next.length <= MAX_VERSION_LENGTH) return next;
  throw new InvalidVersionFormatError(
    `There is no next version: it would have ${next.length} characters, and Quay takes at most ${MAX_VERSION_LENGTH}. Push with a version, or delete the release with the highest number.`,
  );
}
