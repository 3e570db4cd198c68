import { UnusableField } from "./field.ts";
import { BadLayout, type Layout, readLayout } from "./layout.ts";
import { type Manifests, UnreadableManifest } from "./manifests.ts";
import { Dict, type Value } from "./yaml/index.ts";

/** What a package says of itself, as far as it can be read. */
export interface PackageSummary {
  /** Null where its files stand in neither layout. */
  readonly layout: "flat" | "nested" | null;
  /** Of its ClusterServiceVersions, in the order of the directories. */
  readonly versions: readonly string[];
  readonly channels: readonly ChannelSummary[];
  /** Null where it names none. */
  readonly defaultChannel: string | null;
}

export interface ChannelSummary {
  readonly name: string;
  /** Name of the ClusterServiceVersion that it offers; null where it names none. */
  readonly currentCSV: string | null;
}

const NOTHING: PackageSummary = { layout: null, versions: [], channels: [], defaultChannel: null };

/** Reads what a package says of itself, whether it is valid or not. What is no text is left out. */
export function summarize(manifests: Manifests): PackageSummary {
  try {
    return summaryOf(readLayout(manifests));
  } catch (error) {
    const unfit =
      error instanceof UnreadableManifest || error instanceof BadLayout || error instanceof UnusableField;
    if (unfit) return NOTHING;
    throw error;
  }
}

function summaryOf({ nested, bundles, package: pkg }: Layout): PackageSummary {
  const channels = at(pkg.value, "channels");
  return {
    layout: nested ? "nested" : "flat",
    versions: bundles.flatMap(({ csvs }) => csvs.flatMap(({ value }) => versionOf(value) ?? [])),
    channels: (Array.isArray(channels) ? channels : []).flatMap((channel) => {
      const name = textAt(channel, "name");
      return name === undefined ? [] : [{ name, currentCSV: textAt(channel, "currentCSV") ?? null }];
    }),
    defaultChannel: textAt(pkg.value, "defaultChannel") ?? null,
  };
}

/** A ClusterServiceVersion's version, or what its name tells of it, as in `etcd.v1.0.0`. */
function versionOf(csv: Value): string | undefined {
  return (
    textAt(at(csv, "spec"), "version") ?? /\.v([^/]+)$/.exec(textAt(at(csv, "metadata"), "name") ?? "")?.[1]
  );
}

/** The text under a key of a mapping; undefined for all else. */
export function textAt(value: Value | undefined, key: string): string | undefined {
  const found = at(value, key);
  return typeof found === "string" ? found : undefined;
}

/** What is under a key of a mapping; undefined for all else. */
export function at(value: Value | undefined, key: string): Value | undefined {
  return value instanceof Dict ? value.get(key) : undefined;
}
