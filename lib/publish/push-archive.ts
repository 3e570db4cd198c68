import { type FileMap, unpack } from "../archive/index.ts";
import type { ArchivePush, ArchiveTarget } from "./archive-push.ts";
import { type PublishedBundles, type PublishedImage, prepareBundles } from "./publish-bundles.ts";
import { type PublishedPackage, preparePackage } from "./publish-package.ts";
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
export function pushArchive(
  publisher: Publisher,
  { archive, maxUnpackedBytes, ...target }: ArchivePush,
): Promise<Pushed> {
  // A function that awaits keeps its arguments: so the archive would last until the end, and the files too.
  return unpackArchive(publisher, { archive, maxUnpackedBytes })
    .then((files) => prepare(publisher, target, files))
    .then(async ({ extracted_files, publish }) => {
      const { repository, version, ...bundles } = await publish();
      const { organization } = target;
      return { organization, repo: repository.repository, version, extracted_files, ...bundles };
    });
}

/** What is left to do of a push when its files are packed, and are needed no more. */
interface PreparedPush {
  readonly extracted_files: readonly string[];
  readonly publish: () => Promise<PublishedPackage | PublishedBundles>;
}

async function prepare(
  { target: registry, ...publisher }: Publisher,
  target: ArchiveTarget,
  files: FileMap,
): Promise<PreparedPush> {
  const publish = await (registry.kind === "bundle"
    ? prepareBundles({ ...publisher, target: registry }, target, files)
    : preparePackage({ ...publisher, target: registry }, target, files));
  return { extracted_files: [...files.keys()], publish };
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
