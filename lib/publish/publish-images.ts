import { mayBeDone, OmpsError, QuayCourierError, ReleaseExistsError } from "../errors/index.ts";
import type { BundleRegistry, Repository } from "../release/index.ts";
import { atOnce } from "./at-once.ts";
import type { BundleRelease } from "./bundle-releases.ts";
import type { Publisher as AnyPublisher } from "./publisher.ts";
import { publishOrganization } from "./visibility.ts";

type Publisher = AnyPublisher<BundleRegistry>;

/** How many images are looked for, or pushed, at once: quay.io takes a few requests a second from one address. */
const IMAGES_AT_ONCE = 4;

/**
 * What must be left of the request's time for more images to be begun, in milliseconds. A push that is given up
 * at the deadline keeps its repository locked; one that ends before is gone on with by its retry at once.
 */
export const BEGIN_RESERVE_MS = 6000;

/**
 * Publishes bundles, alone in their repository. Nothing is written before each of them is known to be new, or there
 * already with the same content: such a one is not pushed again, and is a success. So the same push again finishes one
 * whose end is not known, or for which there was no time.
 *
 * @throws ReleaseExistsError where one is there with another content
 * @throws BusyError and the contract's errors of pushing and publishing; they tell what was published all the same
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
    await publisher.journal.step("push", () => pushAll(publisher, repository, missing));
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
  const look = async (bundle: BundleRelease) => {
    const { digest } = bundle.content;
    const release = { ...repository, version: bundle.version };
    const there = await target.digestOf(release);
    if (there === undefined) return [bundle];
    if (there !== digest) throw exists(target.referenceOf(release));
    log.info("The bundle is there already", { ...release, digest });
    return [];
  };
  // The first one gets the token that the others use.
  const first = await atOnce(bundles.slice(0, 1), 1, look);
  return [...first, ...(await atOnce(bundles.slice(1), IMAGES_AT_ONCE, look))].flat();
}

async function pushAll(
  publisher: Publisher,
  repository: Repository,
  missing: readonly BundleRelease[],
): Promise<void> {
  const published: string[] = [];
  const push = async (bundle: BundleRelease) => {
    await pushImage(publisher, repository, bundle);
    published.push(bundle.version);
  };
  const mayBegin = () => {
    if (published.length > 0 && publisher.timeLeft() < BEGIN_RESERVE_MS) throw outOfTime(missing.length);
  };
  try {
    await atOnce(missing, IMAGES_AT_ONCE, push, mayBegin);
  } catch (error) {
    if (error instanceof OmpsError && published.length > 0) {
      error.message += ` Published of this push: ${published.join(", ")}; the same push again goes on with the others.`;
    }
    throw error;
  }
}

async function pushImage(
  { target, journal }: Publisher,
  repository: Repository,
  { version, content }: BundleRelease,
): Promise<void> {
  const release = { ...repository, version };
  const { digest } = content;
  try {
    await target.push(release, content);
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

function outOfTime(images: number): QuayCourierError {
  return new QuayCourierError(
    `There was no time for all of the ${images} images. Push with 'Prefer: respond-async' to have more.`,
  );
}
