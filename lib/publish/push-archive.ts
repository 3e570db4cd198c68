import { type FileMap, unpack } from "../archive/index.ts";
import type { ArchivePush } from "./archive-push.ts";
import { publishPackage } from "./publish-package.ts";
import type { Publisher } from "./publisher.ts";

export interface Pushed {
  readonly organization: string;
  readonly repo: string;
  readonly version: string;
  /** Paths of all files of the archive, sorted. */
  readonly extracted_files: readonly string[];
}

/**
 * Unpacks, verifies and publishes an operator. Nothing is written before everything local is in order: a push
 * that Quay refuses leaves an empty repository behind.
 *
 * @throws the errors that the contract lists for a push, in the order of its steps
 */
export async function pushArchive(publisher: Publisher, push: ArchivePush): Promise<Pushed> {
  const files = await unpackArchive(publisher, push);
  const { target } = publisher;
  if (target.kind !== "appregistry") throw new Error("no such registry");
  const { repository, version } = await publishPackage({ ...publisher, target }, push, files);
  return {
    organization: push.organization,
    repo: repository.repository,
    version,
    extracted_files: [...files.keys()],
  };
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
