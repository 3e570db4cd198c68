import { byBytes, type Manifests } from "../manifests.ts";

/** Files that end in .yaml or .yml in any case; operator-courier reads fewer. */
export const YAML_FILES = /\.ya?ml$/i;

/** The same and JSON: all that a bundle may have as manifests. */
export const BUNDLE_FILES = /\.(?:ya?ml|json)$/i;

/** Paths of the files that an organization's settings change, wherever they stand. */
export function editedPaths({ files }: Manifests, names: RegExp): string[] {
  return [...files.keys()].filter((path) => names.test(path)).sort(byBytes);
}
