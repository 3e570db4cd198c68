import { PackageValidationError } from "../errors/index.ts";
import { type Manifest, type Manifests, UnreadableManifest } from "./manifests.ts";
import { describe } from "./python.ts";
import { Dict, type Value } from "./yaml/index.ts";

export interface IdentifiedPackage {
  /** Path of the file that the name stands in. */
  readonly path: string;
  /** As YAML reads it: any value, not only a text. */
  readonly packageName: Value;
}

/**
 * Finds the package file: the first YAML file of the root, in the order of the bytes of the names, that is
 * a mapping with the key `packageName`. Files behind it are not looked at.
 *
 * @throws PackageValidationError where a file before it cannot be read, or there is none.
 */
export function identifyPackage(manifests: Manifests): IdentifiedPackage {
  const found = findPackage(manifests);
  if (!found) throw new PackageValidationError("Could not find packageName in manifests.");
  return found;
}

/**
 * As `identifyPackage`, but undefined where there is no package file.
 *
 * @throws PackageValidationError where a file before it cannot be read.
 */
export function findPackage(manifests: Manifests): IdentifiedPackage | undefined {
  for (const path of manifests.yamlPaths) {
    if (path.includes("/")) continue;
    const { value } = readNamed(manifests, path);
    const packageName = value instanceof Dict ? value.get("packageName") : undefined;
    if (packageName !== undefined) return { path, packageName };
  }
  return undefined;
}

/** @throws PackageValidationError for a file that cannot be read. */
export function readNamed(manifests: Manifests, path: string): Manifest {
  try {
    return manifests.read(path);
  } catch (error) {
    if (!(error instanceof UnreadableManifest)) throw error;
    const message = `Failed to process yaml file ${error.message}. Correct the file and push again.`;
    throw new PackageValidationError(message, undefined, { cause: error });
  }
}

/** What Quay allows as the name of a repository (its own expression and length). */
const REPOSITORY = /^[a-z0-9][a-z0-9._-]*$/;
export const MAX_REPOSITORY_LENGTH = 255;

/**
 * The repository that a package without a given one goes to: it bears the package's name.
 *
 * @throws PackageValidationError where Quay can have no such repository.
 */
export function repositoryOfPackage(packageName: Value): string {
  if (typeof packageName !== "string") {
    throw new PackageValidationError(
      `Expected packageName to be a text, but it is ${describe(packageName)}. Put it in quotes in the package file.`,
    );
  }
  if (!REPOSITORY.test(packageName)) {
    throw new PackageValidationError(
      `Expected packageName to start with a-z or 0-9 and to have only a-z, 0-9, ".", "_" and "-" after that, ` +
        `because it names the repository, but it is ${describe(packageName)}. Rename the package.`,
    );
  }
  if (packageName.length > MAX_REPOSITORY_LENGTH) {
    throw new PackageValidationError(
      `Expected packageName to have at most ${MAX_REPOSITORY_LENGTH} characters, because it names the ` +
        `repository, but it has ${packageName.length}. Rename the package.`,
    );
  }
  return packageName;
}
