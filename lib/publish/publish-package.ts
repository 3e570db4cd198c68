import type { FileMap } from "../archive/index.ts";
import type { PackageRegistry, Repository } from "../release/index.ts";
import type { ArchiveTarget } from "./archive-push.ts";
import { namePackage, releasePackage } from "./package-release.ts";
import { publishRelease } from "./publish-release.ts";
import type { Publisher } from "./publisher.ts";
import { VersionChoice } from "./version-choice.ts";

/** What was published where. */
export interface PublishedPackage {
  readonly repository: Repository;
  readonly version: string;
}

/**
 * Makes a release of the package in the files of an archive.
 *
 * @returns what publishes it; it keeps nothing of the files
 * @throws the errors that the contract lists for a push, from the package's on
 */
export async function preparePackage(
  publisher: Publisher<PackageRegistry>,
  target: ArchiveTarget,
  files: FileMap,
): Promise<() => Promise<PublishedPackage>> {
  const named = namePackage(publisher, target, files);
  const { repository } = named;
  const versions = new VersionChoice(publisher, repository, target.version);
  const { content } = await releasePackage(publisher, named).catch(async (error: unknown) => {
    // What Quay refuses comes before what is wrong with the package, where Quay must be asked for a version.
    await versions.first();
    throw error;
  });
  return async () => {
    const version = await publishRelease(publisher, repository, versions, content, target.unlessPublished);
    return { repository, version };
  };
}
