import type { Field } from "../field.ts";
import type { Findings } from "../findings.ts";
import { describe } from "../python.ts";
import type { ManifestFile } from "./manifest-files.ts";

/** Channels of a package, and the ClusterServiceVersions in each. */
export interface Channels {
  /** Channel to the name of the ClusterServiceVersion at its head. */
  readonly heads: ReadonlyMap<string, string>;
  /** Name of a ClusterServiceVersion to its channels, in the order of the package file. */
  readonly ofCsv: ReadonlyMap<string, readonly string[]>;
}

/** A name that can stand in a list with commas. */
export const CHANNEL = /^[^\s,]+$/;

/**
 * Reads the channels of a package file. As in opm's index, a channel has its currentCSV, all that this replaces, one
 * after the other, and what each of these skips.
 *
 * @param csvs all of the archive, by name; a chain ends at one that is not there
 */
export function channelsOf(
  pkg: Field,
  csvs: ReadonlyMap<string, ManifestFile>,
  findings: Findings,
): Channels {
  const heads = new Map<string, string>();
  const ofCsv = new Map<string, string[]>();
  for (const channel of channelList(pkg)) {
    const name = channelName(channel, findings);
    const current = channel.optional("currentCSV");
    if (name === undefined || !current) continue;
    if (heads.has(name)) findings.error(channel, `The channel ${name} is there twice. Remove one.`);
    else if (typeof current.value !== "string" || !csvs.has(current.value)) {
      findings.error(
        current,
        `Expected currentCSV of the channel ${name} to name a ClusterServiceVersion of this archive, but it is ${describe(current.value)}. Correct it, or add that version.`,
      );
    } else {
      heads.set(name, current.value);
      for (const csv of chainFrom(current.value, csvs, findings)) {
        const names = ofCsv.get(csv);
        if (names) names.push(name);
        else ofCsv.set(csv, [name]);
      }
    }
  }
  return { heads, ofCsv };
}

/** That there are channels at all, the rules for package files see to. */
function channelList(pkg: Field): readonly Field[] {
  const channels = pkg.optional("channels");
  return channels && Array.isArray(channels.value) ? channels.items() : [];
}

function channelName(channel: Field, findings: Findings): string | undefined {
  const name = channel.optional("name");
  if (!name) return undefined;
  if (typeof name.value === "string" && CHANNEL.test(name.value)) return name.value;
  findings.error(
    name,
    `Expected the name of a channel to be a text without blanks and commas, but it is ${describe(name.value)}. Correct it.`,
  );
  return undefined;
}

function chainFrom(
  head: string,
  csvs: ReadonlyMap<string, ManifestFile>,
  findings: Findings,
): ReadonlySet<string> {
  const chain = new Set<string>();
  const members = new Set<string>();
  for (let csv = csvs.get(head); csv; ) {
    if (chain.has(csv.name)) {
      findings.error(csv.object, `${csv.name} replaces itself, with others between. Correct spec.replaces.`);
      break;
    }
    const spec = csv.object.optional("spec");
    const skips = spec?.optional("skips")?.items() ?? [];
    findings.compares(1 + skips.length);
    chain.add(csv.name);
    members.add(csv.name);
    for (const { value } of skips) if (typeof value === "string" && csvs.has(value)) members.add(value);
    const replaced = spec?.optional("replaces")?.value;
    csv = typeof replaced === "string" ? csvs.get(replaced) : undefined;
  }
  return members;
}
