import { organizationSettings } from "../config/index.ts";
import {
  addNameSuffix,
  annotateCsvs,
  buildRelease,
  type FileMap,
  identifyPackage,
  Manifests,
  type NamedPackage,
  packRelease,
  replaceRegistry,
  repositoryOfPackage,
  requireValid,
  type Verdict,
  verify,
} from "../operator/index.ts";
import type { PackageArchive, Repository } from "../release/index.ts";
import type { ArchivePush } from "./archive-push.ts";
import type { Publisher } from "./publisher.ts";

type Tools = Pick<Publisher, "config" | "journal">;

/** A package with the name that the organization wants, and the repository that it goes to. */
export interface PackageToRelease extends NamedPackage {
  readonly repository: Repository;
}

/** What is published of a package, and what the rules say of it. */
export interface PackageRelease {
  readonly content: PackageArchive;
  readonly verdict: Verdict;
}

/**
 * Finds the package in the files of an archive.
 *
 * @throws PackageValidationError
 */
export function namePackage(
  { config, journal }: Tools,
  { organization, repository }: Pick<ArchivePush, "organization" | "repository">,
  files: FileMap,
): PackageToRelease {
  const unpacked = new Manifests(files);
  const suffix = organizationSettings(config, organization).package_name_suffix;
  const named = addNameSuffix(unpacked, identifyPackage(unpacked), suffix);
  const place = { organization, repository: repository ?? repositoryOfPackage(named.packageName) };
  journal.about(place);
  return { ...named, repository: place };
}

/**
 * Rewrites the manifests as the organization wants them, verifies and packs them.
 *
 * @throws PackageValidationError
 */
export async function releasePackage(
  { config, journal }: Tools,
  { manifests: given, packageName, repository: { organization, repository } }: PackageToRelease,
): Promise<PackageRelease> {
  const settings = organizationSettings(config, organization);
  const { manifests, verdict } = await journal.step("verify", () => {
    const rules = settings.replace_registry.map(({ replace }) => replace);
    const replaced = replaceRegistry(given, rules);
    const manifests = annotateCsvs(replaced, settings.csv_annotations, packageName);
    const verdict = verify(manifests, repository);
    requireValid(verdict);
    return { manifests, verdict };
  });
  const content = await journal.step("pack", () => packRelease(buildRelease(manifests, verdict), repository));
  journal.size("release", content.archive.length);
  journal.about({ digest: content.digest });
  return { content, verdict };
}
