import { addNameSuffix, annotateCsvs } from "../../../../lib/operator/edit/index.ts";
import { identifyPackage, Manifests } from "../../../../lib/operator/index.ts";
import { filesOf } from "../package-builder.ts";

/** The text of a package file behind its suffix. */
export function suffixed(text: string, suffix = "-opt"): string {
  const manifests = new Manifests(filesOf({ "package.yaml": text }));
  return addNameSuffix(manifests, identifyPackage(manifests), suffix).manifests.text("package.yaml");
}

/** Annotations with fixed values. */
export function fixed(annotations: Readonly<Record<string, string>>) {
  return Object.entries(annotations).map(([name, value]) => ({ name, valueFor: () => value }));
}

/** The text of a ClusterServiceVersion with its annotations. */
export function annotated(
  text: string,
  annotations: Readonly<Record<string, string>> = { new: "v" },
): string {
  const manifests = new Manifests(filesOf({ "csv.yaml": text }));
  return annotateCsvs(manifests, fixed(annotations), "etcd").text("csv.yaml");
}
