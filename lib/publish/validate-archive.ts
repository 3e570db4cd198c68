import { PackageValidationError, type ValidationInfo } from "../errors/index.ts";
import { type FileMap, Manifests, summarize } from "../operator/index.ts";
import type { Registry } from "../release/index.ts";
import type { ArchivePush } from "./archive-push.ts";
import { namePackage, type PackageToRelease, releasePackage } from "./package-release.ts";
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
  readonly layout: "flat" | "nested" | null;
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
  /** Absent where nobody could be asked which one is free. */
  readonly version?: string;
  readonly digest: string;
  /** Of the tar.gz, in bytes. */
  readonly size: number;
  /** Paths of the files in it. */
  readonly files: readonly string[];
}

/** What is validated with; without a caller's token, nobody is asked which versions are there. */
export type Validator = Pick<Publisher, "config" | "journal" | "log"> & { readonly target?: Registry };

/**
 * Does with an archive all that a push does up to the first write, and tells what that came to.
 *
 * @throws UploadedFileError for what is no archive
 * @throws QuayAuthorizationError or QuayPackageError where the version cannot be chosen
 */
export async function validateArchive(validator: Validator, push: ArchivePush): Promise<Validation> {
  const files = await unpackArchive(validator, push);
  let named: PackageToRelease | undefined;
  try {
    named = namePackage(validator, push, files);
    const { content, files: pushed, verdict, rewrites } = await releasePackage(validator, named);
    const { errors, warnings } = verdict;
    const version = await versionOf(validator, named, push.version);
    const would_push = {
      repository: named.repository.repository,
      ...(version !== undefined && { version }),
      digest: content.digest,
      size: content.archive.length,
      files: pushed,
    };
    return {
      valid: true,
      ...about(files, named),
      validation_info: { errors, warnings },
      would_push,
      rewrites,
    };
  } catch (error) {
    if (!(error instanceof PackageValidationError)) throw error;
    const { message, validationInfo } = error;
    const refused = { valid: false, message, ...about(files, named), validation_info: validationInfo };
    return { ...refused, would_push: null, rewrites: named?.rewrites ?? [] };
  }
}

/** The given version, or the one that a push would choose; undefined where nobody can be asked. */
async function versionOf(
  { target, ...validator }: Validator,
  { repository }: PackageToRelease,
  given: string | undefined,
): Promise<string | undefined> {
  if (!target) return given;
  return new VersionChoice({ ...validator, target }, repository, given).first();
}

function about(files: FileMap, named: PackageToRelease | undefined) {
  const { layout, versions, channels, defaultChannel } = summarize(named?.manifests ?? new Manifests(files));
  const name = named?.packageName;
  return {
    package: typeof name === "string" ? name : null,
    layout,
    versions,
    channels: channels.map(({ name, currentCSV }) => ({ name, current_csv: currentCSV })),
    default_channel: defaultChannel,
    extracted_files: [...files.keys()],
    target: "appregistry" as const,
  };
}
