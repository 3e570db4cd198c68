import { Field } from "../field.ts";
import type { Findings } from "../findings.ts";
import type { Manifests } from "../manifests.ts";
import { describe } from "../python.ts";
import { checkPackage } from "../rules/package.ts";
import { ANNOTATIONS_NAME } from "./annotation-names.ts";
import { annotationsText, requiredAnnotations } from "./annotations.ts";
import { type Channels, channelsOf } from "./channels.ts";
import type { BundleDraft } from "./draft.ts";
import { guarded } from "./guarded.ts";
import type { IdentifiedVersions } from "./identify.ts";
import type { ManifestFile } from "./manifest-files.ts";
import type { BundleSettings } from "./operator-bundle.ts";
import { type BundleParts, partsOfPackage } from "./parts.ts";
import { PushSize } from "./push-size.ts";

/**
 * The bundles of a package: those of the versions at the heads of its channels, or of all that are in a channel. A
 * version that no channel leads to could not be installed before, and a bundle must have a channel: it is left
 * out with a warning, unless the configuration names channels.
 *
 * @throws UnusableField for more of them than one push may make
 */
export function packageDrafts(
  manifests: Manifests,
  { path }: IdentifiedVersions,
  packageName: string,
  settings: BundleSettings,
  findings: Findings,
): readonly BundleDraft[] {
  const pkg = new Field(path, manifests.read(path).value);
  const parts = partsOfPackage(manifests, path, findings);
  const csvs = csvsByName(parts, findings);
  guarded(path, findings, () => checkPackage(pkg, [], true, findings));
  const channels = guarded(path, findings, () => channelsOf(pkg, csvs, findings));
  if (!channels) return [];
  const defaultChannel = defaultOf(pkg, channels, settings, findings);
  const size = new PushSize(path);
  return released(parts, channels, settings, findings).map((parts) => {
    const own = settings.channels ?? channels.ofCsv.get(parts.csv.name) ?? [];
    const description = { packageName, channels: own, defaultChannel };
    const annotations = requiredAnnotations(description);
    size.add(parts.files.length + 1, annotations);
    const text = Buffer.from(annotationsText(annotations));
    const files = new Map([[ANNOTATIONS_NAME, text]]);
    return { parts, metadata: { description, annotations, files } };
  });
}

function csvsByName(parts: readonly BundleParts[], findings: Findings): ReadonlyMap<string, ManifestFile> {
  const csvs = new Map<string, ManifestFile>();
  for (const { csv } of parts) {
    const other = csvs.get(csv.name);
    if (other === undefined) csvs.set(csv.name, csv);
    else if (csv.name !== "") {
      findings.error(
        csv.object,
        `Expected each ClusterServiceVersion to have a name of its own, but ${other.path} has this one too. Rename one.`,
      );
    }
  }
  return csvs;
}

function released(
  parts: readonly BundleParts[],
  { heads, ofCsv }: Channels,
  { versions, channels }: BundleSettings,
  findings: Findings,
): readonly BundleParts[] {
  const current = new Set(heads.values());
  if (versions === "current") return parts.filter(({ csv }) => current.has(csv.name));
  return parts.filter(({ csv }) => {
    if (channels !== undefined || ofCsv.has(csv.name)) return true;
    findings.warn(csv.object, "It is not released, because no channel of the package leads to it.");
    return false;
  });
}

/** The configured one, else the package's, else the only channel. */
function defaultOf(
  pkg: Field,
  { heads }: Channels,
  settings: BundleSettings,
  findings: Findings,
): string | undefined {
  const known = new Set(settings.channels ?? heads.keys());
  const [only, ...others] = known;
  const given = pkg.optional("defaultChannel");
  // An empty one is none, as for opm.
  const own = given && given.value !== null && given.value !== "" ? given : undefined;
  const at = settings.defaultChannel === undefined && settings.channels === undefined ? own : undefined;
  const wanted = settings.defaultChannel ?? (settings.channels ? ownAmong(own, known) : own?.value);
  if (wanted === undefined) {
    if (others.length === 0) return only;
    findings.warn(pkg, "There are several channels, but no defaultChannel says which one is meant for all.");
    return undefined;
  }
  if (typeof wanted === "string" && known.has(wanted)) return wanted;
  findings.error(
    at ?? pkg,
    `Expected the default channel to be one of the channels (${[...known].slice(0, 10).join(", ")}), but it is ${describe(wanted)}. Correct it${at ? "" : " in the configuration of the organization"}.`,
  );
  return undefined;
}

/** Where channels are configured, the package's default counts if it is one of them. */
function ownAmong(own: Field | undefined, known: ReadonlySet<string>): string | undefined {
  return typeof own?.value === "string" && known.has(own.value) ? own.value : undefined;
}
