import rcompare from "semver/functions/rcompare.js";
import valid from "semver/functions/valid.js";

/** Longest tag that a registry takes, in characters (OCI distribution specification). */
export const MAX_TAG_LENGTH = 128;

/** The tag of a release: `v` and its version. Undefined where no release of an image can have it: a tag has no `+`. */
export function tagOf(version: string): string | undefined {
  const tag = `v${version}`;
  return tag.length <= MAX_TAG_LENGTH && valid(version) === version ? tag : undefined;
}

/** The versions of the releases among a repository's tags, highest first; other tags are no releases. */
export function versionsOf(tags: readonly string[]): readonly string[] {
  return tags
    .filter((tag) => tag.startsWith("v") && tagOf(tag.slice(1)) !== undefined)
    .map((tag) => tag.slice(1))
    .sort(rcompare);
}
