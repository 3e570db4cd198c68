import { BUNDLE_FILES } from "../edit/index.ts";
import { Field } from "../field.ts";
import type { Findings } from "../findings.ts";
import { byBytes, type Manifests, UnreadableManifest } from "../manifests.ts";
import { isPushed } from "../release.ts";
import { Dict, type Value } from "../yaml/index.ts";
import { withoutFile } from "./guarded.ts";

/** A file with one object, as it comes into a bundle. */
export interface ManifestFile {
  /** In the archive. */
  readonly path: string;
  /** In the bundle's manifests/. */
  readonly fileName: string;
  readonly object: Field;
  /** Empty where it has none. */
  readonly kind: string;
  /** The object's own; empty where it has none. */
  readonly name: string;
}

/** What a directory holds for a bundle. */
export interface ManifestDirectory {
  /** In the order of their names. */
  readonly files: readonly ManifestFile[];
  /** Paths of files and directories that no bundle takes, as opm does not. */
  readonly leftOut: readonly string[];
}

/** Paths of the files that stand in each directory itself, sorted; a directory is "" or ends in "/". */
export type FileTree = ReadonlyMap<string, readonly string[]>;

export function fileTree({ files }: Manifests): FileTree {
  const tree = new Map<string, string[]>([["", []]]);
  for (const path of [...files.keys()].sort(byBytes)) {
    const directory = path.slice(0, path.lastIndexOf("/") + 1);
    const paths = tree.get(directory);
    if (paths) paths.push(path);
    else tree.set(directory, [path]);
  }
  return tree;
}

/**
 * Reads the manifests that stand in a directory itself: what is below it, opm does not see. Hidden files and
 * those of the image build are passed over.
 *
 * @param findings get an error for each file that cannot be read
 */
export function readDirectory(
  manifests: Manifests,
  tree: FileTree,
  directory: string,
  findings: Findings,
): ManifestDirectory {
  const files: ManifestFile[] = [];
  const leftOut = subdirectories(tree, directory);
  for (const path of tree.get(directory) ?? []) {
    const fileName = path.slice(directory.length);
    if (fileName.startsWith(".") || !isPushed(path)) continue;
    if (BUNDLE_FILES.test(fileName)) {
      const value = readValue(manifests, path, findings);
      if (value !== undefined) files.push(manifestFile(path, fileName, value));
    } else leftOut.push(path);
  }
  return { files, leftOut };
}

/** Those directly in a directory that hold files, without hidden ones. */
export function subdirectories(tree: FileTree, directory: string): string[] {
  const found = new Set<string>();
  for (const path of tree.keys()) {
    if (path === directory || !path.startsWith(directory)) continue;
    const [name = ""] = path.slice(directory.length).split("/", 1);
    if (!name.startsWith(".")) found.add(`${directory}${name}/`);
  }
  return [...found];
}

/** Undefined for a file that cannot be read, with an error in the findings. */
export function readValue(manifests: Manifests, path: string, findings: Findings): Value | undefined {
  try {
    return manifests.read(path).value;
  } catch (error) {
    if (!(error instanceof UnreadableManifest)) throw error;
    findings.error(new Field(path, null), withoutFile(error.message, path));
    return undefined;
  }
}

function manifestFile(path: string, fileName: string, value: Value): ManifestFile {
  const metadata = value instanceof Dict ? value.get("metadata") : undefined;
  return {
    path,
    fileName,
    object: new Field(path, value),
    kind: textOf(value, "kind"),
    name: textOf(metadata, "name"),
  };
}

/** The text under a key; empty for anything else. */
export function textOf(mapping: Value | undefined, key: string): string {
  const value = mapping instanceof Dict ? mapping.get(key) : undefined;
  return typeof value === "string" ? value : "";
}

export function isCsv({ kind }: ManifestFile): boolean {
  return kind === "ClusterServiceVersion";
}

export function isCrd({ kind }: ManifestFile): boolean {
  return kind === "CustomResourceDefinition";
}
