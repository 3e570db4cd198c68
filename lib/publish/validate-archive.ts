import type { FileMap } from "../archive/index.ts";
import type { ArchivePush } from "./archive-push.ts";
import { namePackage, type PackageToRelease, releasePackage } from "./package-release.ts";
import { unpackArchive } from "./push-archive.ts";
import { validateBundles } from "./validate-bundles.ts";
import { describePackage, refused, type Validation, type Validator } from "./validation.ts";
import { VersionChoice } from "./version-choice.ts";

/**
 * Does with an archive all that a push does up to the first write, and tells what that came to.
 *
 * @throws UploadedFileError for what is no archive
 * @throws QuayAuthorizationError or QuayPackageError where the version cannot be chosen
 */
export async function validateArchive(validator: Validator, push: ArchivePush): Promise<Validation> {
  const files = await unpackArchive(validator, push);
  const { target } = validator;
  return target.kind === "bundle"
    ? validateBundles({ ...validator, target }, push, files)
    : validatePackage(validator, push, files);
}

async function validatePackage(validator: Validator, push: ArchivePush, files: FileMap): Promise<Validation> {
  let named: PackageToRelease | undefined;
  const about = () => describePackage(files, named);
  try {
    named = namePackage(validator, push, files);
    const { content, files: pushed, verdict, rewrites } = await releasePackage(validator, named);
    const { errors, warnings } = verdict;
    const { repository } = named;
    const version = validator.mayAsk
      ? await new VersionChoice(validator, repository, push.version).first()
      : push.version;
    const would_push = {
      repository: repository.repository,
      ...(version !== undefined && { version }),
      digest: content.digest,
      size: content.archive.length,
      files: pushed,
    };
    return { valid: true, ...about(), validation_info: { errors, warnings }, would_push, rewrites };
  } catch (error) {
    return { ...refused(error), ...about(), would_push: null, rewrites: named?.rewrites ?? [] };
  }
}
