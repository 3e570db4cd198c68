import { unpack } from "../archive/index.ts";
import { organizationSettings } from "../config/index.ts";
import {
  addNameSuffix,
  annotateCsvs,
  buildRelease,
  identifyPackage,
  Manifests,
  packRelease,
  replaceRegistry,
  repositoryOfPackage,
  requireValid,
  verify,
} from "../operator/index.ts";
import type { PackageArchive, Repository } from "../release/index.ts";
import type { Journal } from "../telemetry/index.ts";
import { publishRelease } from "./publish-release.ts";
import type { Publisher } from "./publisher.ts";
import { VersionChoice } from "./version-choice.ts";

export interface ArchivePush {
  readonly organization: string;
  /** Absent in v2 of the API: the repository is then the package's `packageName`. */
  readonly repository?: string | undefined;
  /** Absent: the next one is chosen. */
  readonly version?: string | undefined;
  /** True: where the repository has this content already, nothing is pushed, and that is a success. */
  readonly unlessPublished?: boolean | undefined;
  /** The zip. */
  readonly archive: Buffer;
  /** Most bytes that it may have unpacked. */
  readonly maxUnpackedBytes: number;
}

export interface Pushed {
  readonly organization: string;
  readonly repo: string;
  readonly version: string;
  /** Paths of all files of the archive, sorted. */
  readonly extracted_files: readonly string[];
}

/**
 * Unpacks, verifies and publishes a package. Nothing is written before everything local is in order: a push
 * that Quay refuses leaves an empty repository behind.
 *
 * @throws the errors that the contract lists for a push, in the order of its steps
 */
export async function pushArchive(publisher: Publisher, push: ArchivePush): Promise<Pushed> {
  const { config, journal } = publisher;
  journal.size("archive", push.archive.length);
  const files = await journal.step("unpack", () => unpack(push.archive, push.maxUnpackedBytes));
  journal.size(
    "unpacked",
    [...files.values()].reduce((sum, { length }) => sum + length, 0),
  );
  const settings = organizationSettings(config, push.organization);
  const unpacked = new Manifests(files);
  const named = addNameSuffix(unpacked, identifyPackage(unpacked), settings.package_name_suffix);
  const repository: Repository = {
    organization: push.organization,
    repository: push.repository ?? repositoryOfPackage(named.packageName),
  };
  journal.about(repository);
  const versions = new VersionChoice(publisher, repository, push.version);
  const content = await releaseOf(named, settings, repository, journal).catch(async (error: unknown) => {
    // What Quay refuses comes before what is wrong with the package, where Quay must be asked for a version.
    await versions.first();
    throw error;
  });
  return {
    organization: repository.organization,
    repo: repository.repository,
    version: await publishRelease(publisher, repository, versions, content, push.unlessPublished),
    extracted_files: [...files.keys()],
  };
}

/** Rewrites the manifests as the organization wants them, verifies and packs them. */
async function releaseOf(
  { manifests: given, packageName }: ReturnType<typeof addNameSuffix>,
  settings: ReturnType<typeof organizationSettings>,
  { repository }: Repository,
  journal: Journal,
): Promise<PackageArchive> {
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
  return content;
}
