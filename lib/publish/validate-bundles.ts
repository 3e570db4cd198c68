import type { FileMap } from "../archive/index.ts";
import type { BundleRegistry, Repository } from "../release/index.ts";
import type { ArchivePush } from "./archive-push.ts";
import { atOnce } from "./at-once.ts";
import {
  type BundleRelease,
  nameOperator,
  type OperatorToRelease,
  releaseBundles,
} from "./bundle-releases.ts";
import { LOOKS_AT_ONCE } from "./list-releases.ts";
import { imagesOf } from "./publish-bundles.ts";
import {
  type Description,
  describePackage,
  refused,
  type ValidatedImage,
  type Validation,
  type Validator,
} from "./validation.ts";

/** Tells what a push of the operator in the files of an archive would do, as bundles. */
export async function validateBundles(
  validator: Validator & { readonly target: BundleRegistry },
  push: ArchivePush,
  files: FileMap,
): Promise<Validation> {
  let named: OperatorToRelease | undefined;
  const about = () => describeOperator(files, named);
  try {
    named = nameOperator(validator, push, files);
    const { bundles, highest, verdict, rewrites } = await releaseBundles(validator, named, push.version);
    const { errors, warnings } = verdict;
    const { repository } = named;
    const would_push = {
      repository: repository.repository,
      version: highest.version,
      digest: highest.content.digest,
      images: await withStates(validator, repository, bundles),
      size: bundles.reduce((sum, { content }) => sum + content.layer.bytes.length, 0),
      files: bundles.flatMap((bundle) => bundle.files),
    };
    const judged = { validation_info: { errors, warnings }, would_push, rewrites };
    if (named.operator.layout === "package") return { valid: true, ...about(), ...judged };
    return { valid: true, ...about(), ...describeBundle(highest), ...judged };
  } catch (error) {
    return { ...refused(error), ...about(), would_push: null, rewrites: named?.rewrites ?? [] };
  }
}

/** The images, and what is there of them, where that may be asked. */
async function withStates(
  { target, mayAsk, journal }: Validator & { readonly target: BundleRegistry },
  repository: Repository,
  bundles: readonly BundleRelease[],
): Promise<readonly ValidatedImage[]> {
  const images = imagesOf(target, repository, bundles);
  if (!mayAsk) return images;
  const listed = new Set(await journal.step("list_versions", () => target.listVersions(repository)));
  return journal.step("find_release", () =>
    atOnce(images, LOOKS_AT_ONCE, async (image): Promise<ValidatedImage> => {
      const there = listed.has(image.version)
        ? await target.describe({ ...repository, version: image.version })
        : undefined;
      if (!there) return { ...image, state: "new" };
      return { ...image, state: there.digest === image.digest ? "published" : "conflict" };
    }),
  );
}

function describeOperator(files: FileMap, named: OperatorToRelease | undefined): Description {
  const described = { ...describePackage(files, named), target: "bundle" } as const;
  return named?.operator.layout === "bundle" ? { ...described, layout: "bundle" } : described;
}

/** A bundle has no package file that would tell it. */
function describeBundle({ version, channels, defaultChannel }: BundleRelease) {
  return {
    versions: [version],
    channels: channels.map((name) => ({ name, current_csv: null })),
    default_channel: defaultChannel ?? null,
  };
}
