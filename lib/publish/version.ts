import { InvalidVersionFormatError } from "../errors/index.ts";

const VERSION = /^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$/;

/**
 * Holds a version against the contract's form. Semantic versions have more (prereleases, build metadata);
 * those are not taken.
 *
 * @throws InvalidVersionFormatError
 */
export function checkVersion(version: string): string {
  if (VERSION.test(version)) return version;
  throw new InvalidVersionFormatError(
    `Version ${JSON.stringify(version.slice(0, 100))} must be in format '<int>.<int>.<int>' without leading zeros, like '1.0.0'.`,
  );
}

/**
 * The version after the highest of a repository: the first number raised by one, the others zero
 * (2.5.1 → 3.0.0). Releases of another form are not looked at. Numbers may be of any length.
 */
export function nextVersion(releases: readonly string[], first: string): string {
  let highest = -1n;
  for (const release of releases) {
    const major = VERSION.exec(release)?.[1];
    if (major !== undefined && BigInt(major) > highest) highest = BigInt(major);
  }
  return highest < 0n ? first : `${highest + 1n}.0.0`;
}
