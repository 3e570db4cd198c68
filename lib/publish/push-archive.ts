import { type FileMap, unpack } from "../archive/index.ts";
import type { ArchivePush } from "./archive-push.ts";
import { type PublishedBundles, type PublishedImage, publishBundles } from "./publish-bundles.ts";
import { type PublishedPackage, publishPackage } from "./publish-package.ts";
import type { Publisher } from "./publisher.ts";

export interface Pushed {
  readonly organization: string;
  readonly repo: string;
  readonly version: string;
  /** Paths of all files of the archive, sorted. */
  readonly extracted_files: readonly string[];
  /** Bundles only: one image for each version that was published, the lowest version first. */
  readonly images?: readonly PublishedImage[];
}

/**
 * Unpacks, verifies and publishes an operator. Nothing is written before everything local is in order: a push
 * that Quay refuses leaves an empty repository behind.
 *
 * @throws the errors that the contract lists for a push, in the order of its steps
 */
export async function pushArchive(publisher: Publisher, push: ArchivePush): Promise<Pushed> {
  const files = await unpackArchive(publisher, push);
  const { repository, version, ...bundles } = await publish(publisher, push, files);
  return {
    organization: push.organization,
    repo: repository.repository,
    version,
    extracted_files: [...files.keys()],
    ...bundles,
  };
}

function publish(
  { target, ...publisher }: Publisher,
  push: ArchivePush,
  files: FileMap,
): Promise<PublishedPackage | PublishedBundles> {
  return target.kind === "bundle"
    ? publishBundles({ ...publisher, target }, push, files)
    : publishPackage({ ...publisher, target }, push, files);
}

/**
 * The files of an archive.
 *
 * @throws UploadedFileError
 */
export async function unpackArchive(
  { journal }: Pick<Publisher, "journal">,
  { archive, maxUnpackedBytes }: Pick<ArchivePush, "archive" | "maxUnpackedBytes">,
): Promise<FileMap> {
  journal.size("archive", archive.length);
  const files = await journal.step("unpack", () => unpack(archive, maxUnpackedBytes));
  journal.size(
    "unpacked",
    [...files.values()].reduce((sum, { length }) => sum + length, 0),
  );
  return files;
}
