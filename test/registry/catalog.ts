import type { RenderedBundle } from "./opm.ts";

/** Which bundles a bundle takes the place of; as its CSV has it. */
export interface Upgrade {
  readonly replaces?: string | undefined;
  readonly skips?: readonly string[] | undefined;
  readonly skipRange?: string | undefined;
}

/** One version of a package in a catalog. */
export interface CatalogEntry extends Upgrade {
  readonly bundle: RenderedBundle;
  /** Not empty. */
  readonly channels: readonly string[];
}

/**
 * Gives a file-based catalog of one package (Operator Lifecycle Manager, "File-based Catalogs"): the package, its
 * channels, and the bundles.
 */
export function catalogOf(
  packageName: string,
  defaultChannel: string,
  entries: readonly CatalogEntry[],
): readonly object[] {
  const channels = new Set(entries.flatMap((entry) => entry.channels));
  return [
    { schema: "olm.package", name: packageName, defaultChannel },
    ...[...channels].map((name) => ({
      schema: "olm.channel",
      package: packageName,
      name,
      entries: entries.filter((entry) => entry.channels.includes(name)).map(channelEntry),
    })),
    ...entries.map(({ bundle }) => bundle.blob),
  ];
}

/** A key without a value is absent in JSON. */
function channelEntry({ bundle, replaces, skips, skipRange }: CatalogEntry): object {
  return { name: bundle.name, replaces, skips, skipRange };
}
