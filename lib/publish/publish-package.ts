import type { FileMap } from "../archive/index.ts";
import type { PackageRegistry, Repository } from "../release/index.ts";
import type { ArchivePush } from "./archive-push.ts";
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
 * Publishes the package in the files of an archive as one release.
 *
 * @throws the errors that the contract lists for a push, from the package's on
 */
export async function publishPackage(
  publisher: Publisher<PackageRegistry>,
  push: ArchivePush,
  files: FileMap,
): Promise<PublishedPackage> {
  const named = namePackage(publisher, push, files);
  const { repository } = named;
  const versions = new VersionChoice(publisher, repository, push.version);
  const { content } = await releasePackage(publisher, named).catch(async (error: unknown) => {
    // What Quay refuses comes before what is wrong with the package, where Quay must be asked for a version.
    await versions.first();
    throw error;
  });
  const version = await publishRelease(publisher, repository, versions, content, push.unlessPublished);
  return { repository, version };
}
