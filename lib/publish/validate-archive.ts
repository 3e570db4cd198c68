import { PackageValidationError, type ValidationInfo } from "../errors/index.ts";
import { type FileMap, Manifests, type NamedPackage, summarize } from "../operator/index.ts";
import type { BundleRegistry, Registry } from "../release/index.ts";
import type { ArchivePush } from "./archive-push.ts";
import {
  type BundleRelease,
  nameOperator,
  type OperatorToRelease,
  releaseBundles,
} from "./bundle-releases.ts";
import { namePackage, type PackageToRelease, releasePackage } from "./package-release.ts";
import { imagesOf, type PublishedImage } from "./publish-bundles.ts";
import type { Publisher } from "./publisher.ts";
import { unpackArchive } from "./push-archive.ts";
import type { Rewrite } from "./rewriting.ts";
import { VersionChoice } from "./version-choice.ts";

/** What a push would do, and what it would be refused for. */
export interface Validation {
  readonly valid: boolean;
  /** Why not; absent for a valid one. */
  readonly message?: string;
  /** The package's name, with the organization's suffix; null where it is not to be found. */
  readonly package: string | null;
  readonly layout: "flat" | "nested" | "bundle" | null;
  /** Of its ClusterServiceVersions. */
  readonly versions: readonly string[];
  readonly channels: readonly { readonly name: string; readonly current_csv: string | null }[];
  readonly default_channel: string | null;
  /** Errors and warnings; empty where the rules were not reached. */
  readonly validation_info: ValidationInfo | Readonly<Record<string, never>>;
  /** Paths of all files of the archive, sorted. */
  readonly extracted_files: readonly string[];
  readonly target: "appregistry" | "bundle";
  /** Null for what is not valid. */
  readonly would_push: WouldPush | null;
  /** What the organization's settings change. */
  readonly rewrites: readonly Rewrite[];
}

export interface WouldPush {
  readonly repository: string;
  /** Of bundles the highest; absent where nobody could be asked which one is free. */
  readonly version?: string;
  /** Of bundles that of the highest version. */
  readonly digest: string;
  /** Bundles only. */
  readonly images?: readonly PublishedImage[];
  /** Of the tar.gz, or of all of them, in bytes. */
  readonly size: number;
  /** Paths of the files in it. */
  readonly files: readonly string[];
}

/** What is validated with; without a caller's token, nobody is asked which versions are there. */
export type Validator = Pick<Publisher, "config" | "journal" | "log"> & {
  readonly target: Registry;
  /** Whether the registry may be asked what is there: there is a token. */
  readonly mayAsk: boolean;
};

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

async function validateBundles(
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
      images: imagesOf(validator.target, repository, bundles),
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

/** What is wrong with the package; throws what is not the package's fault. */
function refused(error: unknown): Pick<Validation, "valid" | "message" | "validation_info"> {
  if (!(error instanceof PackageValidationError)) throw error;
  return { valid: false, message: error.message, validation_info: error.validationInfo };
}

type Description = Omit<Validation, "valid" | "message" | "validation_info" | "would_push" | "rewrites">;

function describePackage(files: FileMap, named: NamedPackage | undefined): Description {
  const { layout, versions, channels, defaultChannel } = summarize(named?.manifests ?? new Manifests(files));
  const name = named?.packageName;
  return {
    package: typeof name === "string" ? name : null,
    layout,
    versions,
    channels: channels.map(({ name, currentCSV }) => ({ name, current_csv: currentCSV })),
    default_channel: defaultChannel,
    extracted_files: [...files.keys()],
    target: "appregistry",
  };
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
