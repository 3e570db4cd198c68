import { byBytes, type Manifests } from "../manifests.ts";

/**
 * Paths of all files that an organization's settings change: those that end in .yaml or .yml in any case,
 * wherever they stand. operator-courier reads fewer.
 */
export function editedPaths({ files }: Manifests): string[] {
  return [...files.keys()].filter((path) => /\.ya?ml$/i.test(path)).sort(byBytes);
}
