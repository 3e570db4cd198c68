import parse from "semver/functions/parse.js";
import type { Findings } from "../findings.ts";
import { describe } from "../python.ts";
import { MAX_VERSION_LENGTH } from "./limits.ts";
import type { ManifestFile } from "./manifest-files.ts";

/**
 * The version in a ClusterServiceVersion, which becomes the image's tag with a "v" before it.
 *
 * @returns undefined where it is none, with an error in the findings
 */
export function versionOf({ object }: ManifestFile, findings: Findings): string | undefined {
  const field = object.optional("spec")?.optional("version");
  if (!field) {
    findings.error(object, "Expected spec.version, because it names the release. Add it.");
    return undefined;
  }
  const { value } = field;
  const version = typeof value === "string" ? parse(value) : null;
  if (version && version.build.length > 0) {
    findings.error(
      field,
      `Expected spec.version without a build part, because an image's tag cannot have a "+", but it is ${describe(value)}. Use a pre-release instead, like 1.2.3-4.`,
    );
  } else if (!version || version.version !== value) {
    findings.error(
      field,
      `Expected spec.version to be a semantic version like "1.2.3", but it is ${describe(value)}. Correct it.`,
    );
  } else if (value.length > MAX_VERSION_LENGTH) {
    findings.error(
      field,
      `Expected spec.version to have at most ${MAX_VERSION_LENGTH} characters, because "v" and the version are the image's tag, but it has ${value.length}. Shorten it.`,
    );
  } else return value;
  return undefined;
}
