import { unpack } from "../archive/index.ts";
import { identifyPackage, Manifests, repositoryOfPackage } from "../operator/index.ts";

/**
 * The name of the package in a zip, as a repository can have it.
 *
 * @param maxUnpackedBytes most bytes that it may have unpacked
 * @throws UploadedFileError, PackageValidationError
 */
export async function packageNameOf(archive: Buffer, maxUnpackedBytes: number): Promise<string> {
  const files = await unpack(archive, maxUnpackedBytes);
  return repositoryOfPackage(identifyPackage(new Manifests(files)).packageName);
}
