import type { OrganizationConfig } from "../config/index.ts";
import { annotateCsvs, type Manifests, replaceRegistry, type Value } from "../operator/index.ts";

/** What a setting of the organization has changed. */
export interface Rewrite {
  readonly setting: "package_name_suffix" | "replace_registry" | "csv_annotations";
  /** Paths of the changed files. */
  readonly files: readonly string[];
}

export interface Rewritten {
  readonly manifests: Manifests;
  readonly rewrites: readonly Rewrite[];
}

/**
 * Replaces registries and annotates CSVs as the organization wants it.
 *
 * @param packageName with the organization's suffix
 * @param names of the files that may be changed; those of YAML files unless told
 * @throws PackageValidationError
 */
export function rewrite(
  given: Manifests,
  settings: OrganizationConfig,
  packageName: Value,
  names?: RegExp,
): Rewritten {
  const rules = settings.replace_registry.map(({ replace }) => replace);
  const replaced = replaceRegistry(given, rules, names);
  const manifests = annotateCsvs(replaced, settings.csv_annotations, packageName, names);
  const rewrites = [
    changed("replace_registry", given, replaced),
    changed("csv_annotations", replaced, manifests),
  ];
  return { manifests, rewrites: rewrites.flat() };
}

/** What a step has changed; nothing where it changed nothing. Files that are as they were are the same bytes. */
export function changed(setting: Rewrite["setting"], before: Manifests, after: Manifests): Rewrite[] {
  if (before === after) return [];
  const files = [...after.files].flatMap(([path, bytes]) => (before.files.get(path) === bytes ? [] : [path]));
  return files.length === 0 ? [] : [{ setting, files: files.sort() }];
}
