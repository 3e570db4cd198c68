import { Field, UnusableField } from "./field.ts";
import type { Layout } from "./layout.ts";
import type { Manifests } from "./manifests.ts";
import { isTruthy } from "./python.ts";
import type { Verdict } from "./verdict.ts";
import { Dict, dumpYaml, type Value } from "./yaml/index.ts";

/** Files that serve the build of an operator's image and are not pushed, by exact name. */
const BUILD_FILES = new Set(["art.yaml", "image-references"]);

/** Texts that operator-courier writes as a block, whatever their type was. */
const BLOCK_FIELDS = [
  ["spec", "description"],
  ["metadata", "annotations", "alm-examples"],
];

/**
 * The files to be pushed: one bundle.yaml for a flat package; for a nested one all of its files as they
 * are, but for those of the image build and of NFS (operator-courier 2.1.11).
 *
 * @param verdict of these manifests, which must be valid
 */
export function buildRelease(manifests: Manifests, verdict: Verdict): Map<string, Uint8Array> {
  if (!verdict.valid) throw new Error("only a valid package can be built");
  if (verdict.bundle !== undefined) return new Map([["bundle.yaml", Buffer.from(verdict.bundle)]]);
  return new Map([...manifests.files].filter(([path]) => isPushed(path)));
}

/** False for files that serve the build of an operator's image, and for what NFS leaves. */
export function isPushed(path: string): boolean {
  const parts = path.split("/");
  return !BUILD_FILES.has(parts.at(-1) ?? "") && !parts.some((part) => part.startsWith(".nfs"));
}

/**
 * The text of bundle.yaml, of which a release of a flat package consists.
 *
 * @throws UnusableField where operator-courier would die while writing it, or it gets too large.
 */
export function bundleText(layout: Layout): string {
  try {
    return dumpBundle(layout);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UnusableField(`The bundle.yaml of this package gets too large: ${error.message}.`);
  }
}

function dumpBundle({ bundles, package: pkg }: Layout): string {
  const csvs = bundles.flatMap((bundle) => bundle.csvs.map(withBlockTexts));
  const crds = bundles.flatMap((bundle) => bundle.crds.map(({ value }) => value));
  const data = new Dict();
  data.set("clusterServiceVersions", listText(csvs));
  data.set("customResourceDefinitions", listText(crds));
  data.set("packages", listText([pkg.value]));
  const bundle = new Dict();
  bundle.set("data", data);
  return dumpYaml(bundle);
}

function listText(objects: Value[]): string {
  return objects.length === 0 ? "" : dumpYaml(objects);
}

/** The ClusterServiceVersion with its description and its examples as texts; others of its values are shared. */
function withBlockTexts(csv: Field): Value {
  return BLOCK_FIELDS.reduce((object, path) => withText(new Field(csv.file, object), path), csv.value);
}

/** Replaces the value at the path by its text. An absent or empty one stays. */
function withText(parent: Field, [key = "", ...rest]: readonly string[]): Value {
  const field = parent.optional(key);
  if (field === undefined) return parent.value;
  if (rest.length > 0) return withEntry(parent.value, key, withText(field, rest));
  return isTruthy(field.value) ? withEntry(parent.value, key, field.printed()) : parent.value;
}

/** A copy of a mapping with another value for a key. */
function withEntry(mapping: Value, key: string, value: Value): Value {
  if (!(mapping instanceof Dict)) return mapping;
  const copy = new Dict();
  for (const [name, entry] of mapping.entries()) copy.set(name, entry);
  copy.set(key, value);
  return copy;
}
