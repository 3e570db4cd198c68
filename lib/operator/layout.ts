import { Field } from "./field.ts";
import { byBytes, type Manifests } from "./manifests.ts";
import { Dict } from "./yaml/index.ts";

/** A package that has not the layout that operator-courier asks for. Its rules are not reached. */
export class BadLayout extends Error {
  constructor(message: string) {
    super(message);
    this.name = "BadLayout";
  }
}

/** The objects that are checked together: a flat package, or one version of a nested one. */
export interface Bundle {
  readonly csvs: readonly Field[];
  readonly crds: readonly Field[];
}

export interface Layout {
  /** Whether the package has a directory for each version. */
  readonly nested: boolean;
  /** The package file. */
  readonly package: Field;
  readonly bundles: readonly Bundle[];
}

type ObjectType = "package" | "csv" | "crd" | "other";

const KINDS: ReadonlyMap<string, ObjectType> = new Map([
  ["ClusterServiceVersion", "csv"],
  ["CustomResourceDefinition", "crd"],
]);

interface TypedObject {
  readonly type: ObjectType;
  readonly object: Field;
}

/**
 * Sorts the objects of a package by what operator-courier takes them for. It looks at the YAML files of the
 * root and of the directories in it, no deeper; one directory with a ClusterServiceVersion makes the
 * whole package nested, and the objects in the root then do not count.
 *
 * @throws UnreadableManifest, BadLayout, UnusableField
 */
export function readLayout(manifests: Manifests): Layout {
  const directories = filesByDirectory(manifests.yamlPaths);
  const root = readRoot(manifests, directories.get("") ?? []);
  directories.delete("");
  const versions = [...directories.keys()].sort(byBytes).flatMap((name) => {
    const paths = directories.get(name) ?? [];
    return holdsCsv(manifests, paths) ? [paths] : [];
  });
  if (versions.length > 0) {
    const bundles = versions.map((paths) => toBundle(paths.map((path) => readObject(manifests, path))));
    return { nested: true, package: root.package, bundles };
  }
  const bundle = toBundle(root.objects);
  if (bundle.csvs.length === 0) {
    throw new BadLayout(
      "The source directory structure is not in valid flat or nested format," +
        "because no valid CSV file is found in root or manifest directories.",
    );
  }
  return { nested: false, package: root.package, bundles: [bundle] };
}

function readRoot(
  manifests: Manifests,
  paths: readonly string[],
): { package: Field; objects: TypedObject[] } {
  let found: Field | undefined;
  const objects: TypedObject[] = [];
  for (const path of paths) {
    const typed = readObject(manifests, path);
    objects.push(typed);
    if (typed.type !== "package") continue;
    if (found) throw new BadLayout("Only 1 package is expected to exist in source root folder.");
    found = typed.object;
  }
  if (!found) throw new BadLayout("Bundle does not contain any packages.");
  return { package: found, objects };
}

/** Stops at the first ClusterServiceVersion, so a broken file behind it is only found later. */
function holdsCsv(manifests: Manifests, paths: readonly string[]): boolean {
  return paths.some((path) => readObject(manifests, path).type === "csv");
}

function readObject(manifests: Manifests, path: string): TypedObject {
  const object = new Field(path, manifests.read(path).value);
  return { type: typeOf(object), object };
}

function typeOf(object: Field): ObjectType {
  if (!(object.value instanceof Dict)) return "other";
  if (object.value.has("packageName")) return "package";
  const kind = object.optional("kind");
  // operator-courier looks the kind up in a set, which Python cannot do with these (with a set it can).
  if (Array.isArray(kind?.value) || kind?.value instanceof Dict) kind.unusable("a text");
  return typeof kind?.value === "string" ? (KINDS.get(kind.value) ?? "other") : "other";
}

function toBundle(objects: readonly TypedObject[]): Bundle {
  const ofType = (type: ObjectType) =>
    objects.filter((typed) => typed.type === type).map(({ object }) => object);
  return { csvs: ofType("csv"), crds: ofType("crd") };
}

/** YAML files of the root ("") and of each directory in it, each in the order of their names. */
function filesByDirectory(paths: readonly string[]): Map<string, string[]> {
  const directories = new Map<string, string[]>();
  for (const path of paths) {
    const parts = path.split("/");
    if (parts.length > 2) continue;
    const directory = parts.length === 2 ? (parts[0] ?? "") : "";
    const files = directories.get(directory) ?? [];
    files.push(path);
    directories.set(directory, files);
  }
  return directories;
}
