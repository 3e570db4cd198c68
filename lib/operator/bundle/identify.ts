import parse from "semver/functions/parse.js";
import { PackageValidationError } from "../../errors/index.ts";
import { BUNDLE_FILES } from "../edit/index.ts";
import { findPackage, type IdentifiedPackage, readNamed } from "../identify.ts";
import { type Manifests, UnreadableManifest } from "../manifests.ts";
import { Dict, type Value } from "../yaml/index.ts";
import { ANNOTATIONS_FILE, PACKAGE } from "./annotation-names.ts";
import { type FileTree, fileTree, subdirectories, textOf } from "./manifest-files.ts";

/** A package file with one or more versions of an operator. */
export interface IdentifiedVersions extends IdentifiedPackage {
  readonly layout: "package";
}

/** One version of an operator in the format of bundles. */
export interface IdentifiedBundle {
  readonly layout: "bundle";
  /** Directories with its files: "" or ending in "/". That of the metadata is undefined where there is none. */
  readonly manifests: string;
  readonly metadata: string | undefined;
  /** Of the annotations.yaml, where there is one. */
  readonly annotations: string | undefined;
  /** From the annotations; else from the ClusterServiceVersion, whose name is `<package>.v<version>`. */
  readonly packageName: Value;
  /** Where the name is written; undefined where it comes from the ClusterServiceVersion. */
  readonly path: string | undefined;
  readonly keys: readonly string[];
}

export type IdentifiedOperator = IdentifiedVersions | IdentifiedBundle;

const KEYS = ["annotations", PACKAGE];

/**
 * Tells what an archive is: a package if a YAML file of the root has a `packageName`; else a bundle, with its
 * manifests in `manifests/`, at the root or below one directory, or all of them in the root.
 *
 * @throws PackageValidationError where it is none of these, has no name, or a file that tells cannot be read.
 */
export function identifyOperator(manifests: Manifests): IdentifiedOperator {
  const found = findPackage(manifests);
  if (found) return { layout: "package", ...found };
  const tree = fileTree(manifests);
  const root = rootOf(tree);
  const directory = root === undefined ? "" : `${root}manifests/`;
  const metadata = root === undefined ? undefined : `${root}metadata/`;
  const annotations = root === undefined ? undefined : root + ANNOTATIONS_FILE;
  const place = {
    layout: "bundle",
    manifests: directory,
    metadata: metadata !== undefined && tree.has(metadata) ? metadata : undefined,
    annotations: annotations !== undefined && manifests.files.has(annotations) ? annotations : undefined,
    keys: KEYS,
  } as const;
  const written = place.annotations === undefined ? undefined : annotatedName(manifests, place.annotations);
  if (written !== undefined) return { ...place, packageName: written, path: place.annotations };
  return { ...place, packageName: nameOfCsv(manifests, tree, directory), path: undefined };
}

/** The directory that `manifests/` is in; undefined where there is none. */
function rootOf(tree: FileTree): string | undefined {
  if (tree.has("manifests/")) return "";
  const [top, ...others] = subdirectories(tree, "");
  return top !== undefined && others.length === 0 && tree.has(`${top}manifests/`) ? top : undefined;
}

/** Undefined where the annotations have none, or an empty one. */
function annotatedName(manifests: Manifests, path: string): Value | undefined {
  const { value } = readNamed(manifests, path);
  const annotations = value instanceof Dict ? value.get("annotations") : undefined;
  const name = annotations instanceof Dict ? annotations.get(PACKAGE) : undefined;
  if (typeof name === "string") return name.trim() === "" ? undefined : name;
  return name ?? undefined;
}

function nameOfCsv(manifests: Manifests, tree: FileTree, directory: string): string {
  const csv = firstCsv(manifests, tree, directory);
  const name = textOf(csv.get("metadata"), "name");
  const packageName = packageIn(name);
  if (packageName !== undefined) return packageName;
  throw new PackageValidationError(
    `Could not find the name of the package: the bundle has no annotation ${PACKAGE} in ${ANNOTATIONS_FILE}, ` +
      `and the name of its ClusterServiceVersion is not "<package>.v<version>". Add the annotation.`,
  );
}

/** Names are `<package>.v<version>`; old ones also `<package>.<version>` and `<package>-v<version>`. */
function packageIn(csvName: string): string | undefined {
  const [, usual] = /^(\S+?)\.v[0-9]/.exec(csvName) ?? [];
  if (usual !== undefined) return usual;
  const [start, packageName] = /^(\S+?)(?:\.|-v)(?=[0-9])/.exec(csvName) ?? [];
  return start !== undefined && parse(csvName.slice(start.length)) ? packageName : undefined;
}

function firstCsv(manifests: Manifests, tree: FileTree, directory: string): Dict {
  let unreadable: UnreadableManifest | undefined;
  for (const path of tree.get(directory) ?? []) {
    if (!BUNDLE_FILES.test(path)) continue;
    try {
      const { value } = manifests.read(path);
      if (value instanceof Dict && value.get("kind") === "ClusterServiceVersion") return value;
    } catch (error) {
      if (!(error instanceof UnreadableManifest)) throw error;
      unreadable ??= error;
    }
  }
  if (unreadable) readNamed(manifests, unreadable.path);
  throw new PackageValidationError(
    "Could not find an operator in the archive: expected a package file with packageName in the root, or a " +
      "bundle with a ClusterServiceVersion in manifests/ or in the root.",
  );
}
