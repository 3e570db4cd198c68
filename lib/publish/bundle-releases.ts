import { type OrganizationConfig, organizationSettings } from "../config/index.ts";
import { InvalidVersionFormatError, PackageValidationError } from "../errors/index.ts";
import {
  addNameSuffix,
  BUNDLE_FILES,
  type BundleSettings,
  type BundleVerdict,
  bundlesOf,
  type FileMap,
  type IdentifiedOperator,
  identifyOperator,
  Manifests,
  type NamedPackage,
  type OperatorBundle,
  packBundle,
  repositoryOfPackage,
  requireBundles,
} from "../operator/index.ts";
import type { BundleImage, Repository } from "../release/index.ts";
import type { ArchiveTarget } from "./archive-push.ts";
import type { Publisher } from "./publisher.ts";
import { changed, type Rewrite, rewrite } from "./rewriting.ts";

type Tools = Pick<Publisher, "config" | "journal">;

/** An operator with the name that the organization wants, and the repository that its bundles go to. */
export interface OperatorToRelease extends NamedPackage {
  readonly operator: IdentifiedOperator;
  readonly repository: Repository;
  readonly rewrites: readonly Rewrite[];
}

/** One version of an operator, as it is published. */
export interface BundleRelease {
  readonly version: string;
  readonly channels: readonly string[];
  readonly defaultChannel: string | undefined;
  /** Paths of the files in the image. */
  readonly files: readonly string[];
  readonly content: BundleImage;
}

/** What is published of an operator, what the rules say of it, and what was changed in it. */
export interface BundleReleases {
  /** The lowest version first. */
  readonly bundles: readonly BundleRelease[];
  /** The last of them. */
  readonly highest: BundleRelease;
  readonly verdict: BundleVerdict;
  readonly rewrites: readonly Rewrite[];
}

/**
 * Finds the operator in the files of an archive.
 *
 * @throws PackageValidationError
 */
export function nameOperator(
  { config, journal }: Tools,
  { organization, repository }: Pick<ArchiveTarget, "organization" | "repository">,
  files: FileMap,
): OperatorToRelease {
  const unpacked = new Manifests(files);
  const suffix = organizationSettings(config, organization).package_name_suffix;
  const operator = identifyOperator(unpacked);
  const named = addNameSuffix(unpacked, operator, suffix);
  const place = { organization, repository: repository ?? repositoryOfPackage(named.packageName) };
  journal.about(place);
  return {
    ...named,
    operator: { ...operator, packageName: named.packageName },
    repository: place,
    rewrites: changed("package_name_suffix", unpacked, named.manifests),
  };
}

/**
 * Rewrites the manifests as the organization wants them, makes bundles of them, and packs those.
 *
 * @param version the only one that there may be; any unless told
 * @throws PackageValidationError
 * @throws InvalidVersionFormatError where there is another version, or more
 */
export async function releaseBundles(
  { config, journal }: Tools,
  { manifests: given, packageName, operator, repository, ...named }: OperatorToRelease,
  version: string | undefined,
): Promise<BundleReleases> {
  const settings = organizationSettings(config, repository.organization);
  const { rewrites, verdict } = await journal.step("verify", () => {
    const rewritten = rewrite(given, settings, packageName, BUNDLE_FILES);
    return { ...rewritten, verdict: bundlesOf(rewritten.manifests, operator, bundleSettings(settings)) };
  });
  const valid = requireBundles(verdict);
  if (version !== undefined) requireVersion(version, valid);
  const bundles = await journal.step("pack", async () => {
    const packed: BundleRelease[] = [];
    for (const bundle of valid) packed.push(await released(bundle, settings));
    return packed;
  });
  const sizes = bundles.map(({ content }) => content.layer.bytes.length);
  journal.size(
    "release",
    sizes.reduce((sum, size) => sum + size, 0),
  );
  const highest = bundles.at(-1);
  if (!highest) throw new PackageValidationError("The package has no version that is in a channel.");
  journal.about({ digest: highest.content.digest });
  return { bundles, highest, verdict, rewrites: [...named.rewrites, ...rewrites] };
}

async function released(
  bundle: OperatorBundle,
  { media_types = "oci" }: OrganizationConfig,
): Promise<BundleRelease> {
  const { version, channels, defaultChannel, files } = bundle;
  return {
    version,
    channels,
    defaultChannel,
    files: [...files.keys()].sort(),
    content: await packBundle(bundle, media_types),
  };
}

function bundleSettings({
  versions = "current",
  channels,
  default_channel,
  labels,
}: OrganizationConfig): BundleSettings {
  return { versions, channels, defaultChannel: default_channel, labels };
}

/** The version of a bundle is that of its ClusterServiceVersion. */
function requireVersion(version: string, bundles: readonly OperatorBundle[]): void {
  const [only, ...more] = bundles.map((bundle) => bundle.version);
  if (only === version && more.length === 0) return;
  const found = [only, ...more].map((each) => `'${each}'`).join(", ");
  throw new InvalidVersionFormatError(
    `The version ${JSON.stringify(version.slice(0, 100))} was given, but the bundle's version is that of its ClusterServiceVersion, here ${found}. Push without a version${more.length > 0 ? "" : ", or with this one"}.`,
  );
}
