import { unpack } from "../archive/index.ts";
import { identifyOperator, identifyPackage, Manifests, repositoryOfPackage } from "../operator/index.ts";
import type { Registry } from "../release/index.ts";

/**
 * The name of the package in a zip, as a repository can have it.
 *
 * @param maxUnpackedBytes most bytes that it may have unpacked
 * @param target what it is to become
 * @throws UploadedFileError, PackageValidationError
 */
export async function packageNameOf(
  archive: Buffer,
  maxUnpackedBytes: number,
  target: Registry["kind"],
): Promise<string> {
  const manifests = new Manifests(await unpack(archive, maxUnpackedBytes));
  const identify = target === "bundle" ? identifyOperator : identifyPackage;
  return repositoryOfPackage(identify(manifests).packageName);
}
