import { PackageValidationError } from "../../errors/index.ts";
import { MAX_REPOSITORY_LENGTH } from "../identify.ts";
import { type Manifests, UnreadableManifest } from "../manifests.ts";
import { Dict, type Value } from "../yaml/index.ts";
import { editedPaths, YAML_FILES } from "./files.ts";
import { MappingEdit, type Texts } from "./mapping-edit.ts";
import { splice, withLineFeeds } from "./splice.ts";

/** An annotation that each ClusterServiceVersion gets. */
export interface CsvAnnotation {
  readonly name: string;
  readonly valueFor: (packageName: string) => string;
}

const ANNOTATIONS = ["metadata", "annotations"];

/**
 * Sets annotations on each ClusterServiceVersion, wherever its file stands. One that is there is overwritten.
 * Nothing else in the files changes, and no other file does.
 *
 * A file that cannot be read is left to the rules, which refuse it where they look at it.
 *
 * @param packageName with its suffix; with one that is no text, or is too long for a repository, the package is not valid anyway
 * @param names of the files to look at
 * @throws PackageValidationError where the annotations stand where they cannot be changed alone
 */
export function annotateCsvs(
  manifests: Manifests,
  annotations: readonly CsvAnnotation[],
  packageName: Value,
  names = YAML_FILES,
): Manifests {
  if (annotations.length === 0 || typeof packageName !== "string") return manifests;
  if (packageName.length > MAX_REPOSITORY_LENGTH) return manifests;
  const texts = new Map(annotations.map(({ name, valueFor }) => [name, valueFor(packageName)]));
  const changed = new Map<string, string>();
  for (const path of editedPaths(manifests, names)) {
    const csv = csvOf(manifests, path);
    if (!csv) continue;
    const text = manifests.text(path);
    const edit = new MappingEdit(path, withLineFeeds(text));
    edit.set(csv, ANNOTATIONS, texts);
    if (edit.changes.length > 0) changed.set(path, splice(text, edit.changes));
  }
  if (changed.size === 0) return manifests;
  const annotated = manifests.withTexts(changed);
  for (const path of changed.keys()) requireAnnotated(annotated, path, texts);
  return annotated;
}

/** The ClusterServiceVersion of a file, if it has one. */
function csvOf(manifests: Manifests, path: string): Dict | undefined {
  const value = readValue(manifests, path);
  return value instanceof Dict && value.get("kind") === "ClusterServiceVersion" ? value : undefined;
}

/** Null for a file that cannot be read. */
function readValue(manifests: Manifests, path: string): Value {
  try {
    return manifests.read(path).value;
  } catch (error) {
    if (error instanceof UnreadableManifest) return null;
    throw error;
  }
}

/** Holds our own work against what a reader of the file finds. */
function requireAnnotated(manifests: Manifests, path: string, texts: Texts): void {
  const metadata = csvOf(manifests, path)?.get("metadata");
  const annotations = metadata instanceof Dict ? metadata.get("annotations") : undefined;
  for (const [name, text] of texts) {
    if (annotations instanceof Dict && annotations.get(name) === text) continue;
    throw new PackageValidationError(
      `Could not set the annotation ${name} in ${path}, because of how its annotations are written. Write them one on a line.`,
    );
  }
}
