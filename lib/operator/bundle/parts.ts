import type { Findings } from "../findings.ts";
import { byBytes, type Manifests } from "../manifests.ts";
import { Dict, type Value } from "../yaml/index.ts";
import {
  type FileTree,
  fileTree,
  isCrd,
  isCsv,
  type ManifestDirectory,
  type ManifestFile,
  readDirectory,
  subdirectories,
} from "./manifest-files.ts";

/** The manifests of one bundle. */
export interface BundleParts {
  readonly csv: ManifestFile;
  /** Others that stand where only one may. */
  readonly rivals: readonly ManifestFile[];
  /** All manifests, the ClusterServiceVersion among them. */
  readonly files: readonly ManifestFile[];
  /** Paths that lie beside them and do not come into the bundle. */
  readonly leftOut: readonly string[];
}

/**
 * Takes a package apart into a bundle for each of its versions. It is nested as soon as a directory of its root
 * has a ClusterServiceVersion, like for operator-courier; the root's own objects then do not count.
 *
 * @param packagePath of the package file
 */
export function partsOfPackage(
  manifests: Manifests,
  packagePath: string,
  findings: Findings,
): readonly BundleParts[] {
  const tree = fileTree(manifests);
  const versions = subdirectories(tree, "")
    .sort(byBytes)
    .map((directory) => withoutPackages(readDirectory(manifests, tree, directory, findings)))
    .filter(({ files }) => files.some(isCsv));
  if (versions.length > 0) return versions.flatMap(partsOfDirectory);
  return partsOfFlat(withoutPackages(readDirectory(manifests, tree, "", findings)), packagePath);
}

/** The manifests of a bundle, where they stand; empty without a ClusterServiceVersion. */
export function partsOfBundle(
  manifests: Manifests,
  tree: FileTree,
  directory: string,
  findings: Findings,
): readonly BundleParts[] {
  return partsOfDirectory(readDirectory(manifests, tree, directory, findings)).slice(0, 1);
}

function withoutPackages({ files, leftOut }: ManifestDirectory): ManifestDirectory {
  return { files: files.filter(({ object, kind }) => kind !== "" || !isPackage(object.value)), leftOut };
}

function isPackage(value: Value): boolean {
  return value instanceof Dict && value.has("packageName");
}

function partsOfDirectory({ files, leftOut }: ManifestDirectory): BundleParts[] {
  const csvs = files.filter(isCsv);
  const others = files.filter((file) => !isCsv(file));
  return csvs.map((csv) => ({
    csv,
    rivals: csvs.filter((other) => other !== csv),
    files: [csv, ...others],
    leftOut,
  }));
}

/** Versions that stand side by side share what is in no CRD; of the CRDs each has those that it owns. */
function partsOfFlat({ files, leftOut }: ManifestDirectory, packagePath: string): BundleParts[] {
  const csvs = files.filter(isCsv);
  const shared = files.filter((file) => !isCsv(file) && file.path !== packagePath);
  const beside = leftOut.filter((path) => !path.endsWith("/"));
  if (csvs.length === 1)
    return csvs.map((csv) => ({ csv, rivals: [], files: [csv, ...shared], leftOut: beside }));
  const owned = csvs.map(ownedNames);
  const unowned = shared.filter((file) => isCrd(file) && !owned.some((names) => names.has(file.name)));
  return csvs.map((csv, index) => ({
    csv,
    rivals: [],
    files: [csv, ...shared.filter((file) => !isCrd(file) || owned[index]?.has(file.name))],
    leftOut: [...beside, ...unowned.map(({ path }) => path)],
  }));
}

/** What is wrong with the list, the rules tell. */
function ownedNames({ object }: ManifestFile): ReadonlySet<Value> {
  const spec = inside(object.value, "spec");
  const owned = inside(inside(spec, "customresourcedefinitions"), "owned");
  return new Set(Array.isArray(owned) ? owned.map((item) => inside(item, "name") ?? null) : []);
}

function inside(value: Value | undefined, key: string): Value | undefined {
  return value instanceof Dict ? value.get(key) : undefined;
}
