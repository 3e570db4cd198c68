import { mayBeDone, ReleaseExistsError } from "../errors/index.ts";
import type { BundleRegistry, Repository } from "../release/index.ts";
import type { BundleRelease } from "./bundle-releases.ts";
import type { Publisher as AnyPublisher } from "./publisher.ts";
import { publishOrganization } from "./visibility.ts";

type Publisher = AnyPublisher<BundleRegistry>;

/**
 * Publishes bundles, alone in their repository, the lowest version first. Nothing is written before each of them is
 * known to be new, or there already with the same content: such a one is not pushed again, and is a success. So the same
 * push again finishes one whose end is not known.
 *
 * @throws ReleaseExistsError where one is there with another content
 * @throws BusyError and the contract's errors of pushing and publishing
 */
export async function publishImages(
  publisher: Publisher,
  repository: Repository,
  bundles: readonly BundleRelease[],
): Promise<void> {
  const makePublic = await publishOrganization(publisher, repository);
  return publisher.lock.hold(repository, undefined, async (held) => {
    const missing = await publisher.journal.step("find_release", () =>
      notThere(publisher, repository, bundles),
    );
    for (const bundle of missing) await pushImage(publisher, repository, bundle);
    held.written();
    await makePublic();
  });
}

/** Those of the bundles that are to be pushed. */
async function notThere(
  { target, log }: Publisher,
  repository: Repository,
  bundles: readonly BundleRelease[],
): Promise<BundleRelease[]> {
  const missing: BundleRelease[] = [];
  for (const bundle of bundles) {
    const { digest } = bundle.content;
    const release = { ...repository, version: bundle.version };
    const found = await target.digestOf(release);
    if (found === undefined) missing.push(bundle);
    else if (found !== digest) throw exists(target.referenceOf(release));
    else log.info("The bundle is there already", { ...release, digest });
  }
  return missing;
}

async function pushImage(
  { target, journal }: Publisher,
  repository: Repository,
  { version, content }: BundleRelease,
): Promise<void> {
  const release = { ...repository, version };
  const { digest } = content;
  journal.about({ version, digest });
  try {
    await journal.step("push", () => target.push(release, content));
  } catch (error) {
    if (mayBeDone(error)) journal.audit("Release may have been pushed", { ...release, digest });
    throw error;
  }
  journal.audit("Release pushed", { ...release, digest });
}

function exists(image: string): ReleaseExistsError {
  return new ReleaseExistsError(
    `The image ${image} exists already with another content, and a release is never changed. Raise the version of the ClusterServiceVersion, or delete that release first.`,
  );
}
