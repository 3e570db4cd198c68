import { organizationSettings } from "../config/index.ts";
import {
  addNameSuffix,
  buildRelease,
  type FileMap,
  identifyPackage,
  Manifests,
  type NamedPackage,
  packRelease,
  repositoryOfPackage,
  requireValid,
  type Verdict,
  verify,
} from "../operator/index.ts";
import type { PackageArchive, Repository } from "../release/index.ts";
import type { ArchiveTarget } from "./archive-push.ts";
import type { Publisher } from "./publisher.ts";
import { changed, type Rewrite, rewrite } from "./rewriting.ts";

type Tools = Pick<Publisher, "config" | "journal">;

/** A package with the name that the organization wants, and the repository that it goes to. */
export interface PackageToRelease extends NamedPackage {
  readonly repository: Repository;
  readonly rewrites: readonly Rewrite[];
}

/** What is published of a package, what the rules say of it, and what was changed in it. */
export interface PackageRelease {
  readonly content: PackageArchive;
  /** Paths of the files in it. */
  readonly files: readonly string[];
  readonly verdict: Verdict;
  readonly rewrites: readonly Rewrite[];
}

/**
 * Finds the package in the files of an archive.
 *
 * @throws PackageValidationError
 */
export function namePackage(
  { config, journal }: Tools,
  { organization, repository }: Pick<ArchiveTarget, "organization" | "repository">,
  files: FileMap,
): PackageToRelease {
  const unpacked = new Manifests(files);
  const suffix = organizationSettings(config, organization).package_name_suffix;
  const named = addNameSuffix(unpacked, identifyPackage(unpacked), suffix);
  const place = { organization, repository: repository ?? repositoryOfPackage(named.packageName) };
  journal.about(place);
  return { ...named, repository: place, rewrites: changed("package_name_suffix", unpacked, named.manifests) };
}

/**
 * Rewrites the manifests as the organization wants them, verifies and packs them.
 *
 * @throws PackageValidationError
 */
export async function releasePackage(
  { config, journal }: Tools,
  { manifests: given, packageName, repository: { organization, repository }, ...named }: PackageToRelease,
): Promise<PackageRelease> {
  const settings = organizationSettings(config, organization);
  const { manifests, rewrites, verdict } = await journal.step("verify", () => {
    const rewritten = rewrite(given, settings, packageName);
    const verdict = verify(rewritten.manifests, repository);
    requireValid(verdict);
    return { ...rewritten, verdict };
  });
  const { files, content } = await journal.step("pack", async () => {
    const files = buildRelease(manifests, verdict);
    return { files, content: await packRelease(files, repository) };
  });
  journal.size("release", content.archive.length);
  journal.about({ digest: content.digest });
  return { content, files: [...files.keys()], verdict, rewrites: [...named.rewrites, ...rewrites] };
}
