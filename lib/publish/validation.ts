import { PackageValidationError, type ValidationInfo } from "../errors/index.ts";
import {
  type CsvDescription,
  describeCsvs,
  type FileMap,
  Manifests,
  type NamedPackage,
  summarize,
} from "../operator/index.ts";
import type { Registry } from "../release/index.ts";
import type { PublishedImage } from "./publish-bundles.ts";
import type { Publisher } from "./publisher.ts";
import type { Rewrite } from "./rewriting.ts";

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
  /** What a catalog would show, as far as it can be read, within limits. */
  readonly csvs: readonly CsvDescription[];
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

/** An image that would be pushed. */
export interface ValidatedImage extends PublishedImage {
  /**
   * Whether it is not there yet, is there with the same content, or with another one, for which the push would be refused;
   * absent where nobody could be asked.
   */
  readonly state?: "new" | "published" | "conflict";
}

export interface WouldPush {
  readonly repository: string;
  /** Of bundles the highest; absent where nobody could be asked which one is free. */
  readonly version?: string;
  /** Of bundles that of the highest version. */
  readonly digest: string;
  /** Bundles only. */
  readonly images?: readonly ValidatedImage[];
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

/** What is wrong with the package; throws what is not the package's fault. */
export function refused(error: unknown): Pick<Validation, "valid" | "message" | "validation_info"> {
  if (!(error instanceof PackageValidationError)) throw error;
  return { valid: false, message: error.message, validation_info: error.validationInfo };
}

/** What is told of an archive, whether it is valid or not. */
export type Description = Omit<
  Validation,
  "valid" | "message" | "validation_info" | "would_push" | "rewrites"
>;

/** Tells of a package, as far as it can be read. */
export function describePackage(files: FileMap, named: NamedPackage | undefined): Description {
  const manifests = named?.manifests ?? new Manifests(files);
  const { layout, versions, channels, defaultChannel } = summarize(manifests);
  const heads = new Set(channels.flatMap(({ currentCSV }) => currentCSV ?? []));
  const name = named?.packageName;
  return {
    package: typeof name === "string" ? name : null,
    layout,
    versions,
    channels: channels.map(({ name, currentCSV }) => ({ name, current_csv: currentCSV })),
    default_channel: defaultChannel,
    csvs: describeCsvs(manifests, heads),
    extracted_files: [...files.keys()],
    target: "appregistry",
  };
}
