import type { FileMap } from "../archive/index.ts";
import type { BundleRegistry, Repository } from "../release/index.ts";
import type { ArchiveTarget } from "./archive-push.ts";
import { type BundleRelease, nameOperator, releaseBundles } from "./bundle-releases.ts";
import { publishImages } from "./publish-images.ts";
import type { Publisher } from "./publisher.ts";

/** A bundle's image, as the API tells of it. */
export interface PublishedImage {
  /** As in `quay.io/acme/etcd:v1.0.0`. */
  readonly image: string;
  /** Of its manifest. */
  readonly digest: string;
  readonly version: string;
  readonly channels: readonly string[];
}

/** What was published where. */
export interface PublishedBundles {
  readonly repository: Repository;
  /** The highest one. */
  readonly version: string;
  /** The lowest version first. */
  readonly images: readonly PublishedImage[];
}

/**
 * Makes bundle images of the operator in the files of an archive, one for each of its versions.
 *
 * @returns what publishes them; it keeps nothing of the files
 * @throws the errors that the contract lists for a push, from the package's on
 */
export async function prepareBundles(
  publisher: Publisher<BundleRegistry>,
  target: ArchiveTarget,
  files: FileMap,
): Promise<() => Promise<PublishedBundles>> {
  const named = nameOperator(publisher, target, files);
  const { repository } = named;
  const { bundles, highest } = await releaseBundles(publisher, named, target.version);
  const { version } = highest;
  return async () => {
    publisher.journal.about({ version });
    await publishImages(publisher, repository, bundles);
    publisher.journal.about({ version });
    return { repository, version, images: imagesOf(publisher.target, repository, bundles) };
  };
}

/** What the API tells of bundles. */
export function imagesOf(
  target: Pick<BundleRegistry, "referenceOf">,
  repository: Repository,
  bundles: readonly BundleRelease[],
): PublishedImage[] {
  return bundles.map(({ version, channels, content: { digest } }) => ({
    image: target.referenceOf({ ...repository, version }),
    digest,
    version,
    channels,
  }));
}
