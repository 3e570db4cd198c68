import type { Secret } from "../telemetry/index.ts";

/** A repository of an organization. */
export interface Repository {
  readonly organization: string;
  readonly repository: string;
}

/** One release of a repository. */
export interface Release extends Repository {
  readonly version: string;
}

/** What a release consists of. */
export interface ReleaseContent {
  /** By that a registry knows the content: one content has one digest. */
  readonly digest: string;
}

/** A release in an application registry. Its digest is the SHA-256 of the tar, in hex. */
export interface PackageArchive extends ReleaseContent {
  /** The tar.gz. */
  readonly archive: Buffer;
}

/** A part of an image. */
export interface ImageBlob {
  readonly mediaType: string;
  /** `sha256:` and 64 hex digits, of the bytes. */
  readonly digest: string;
  readonly bytes: Buffer;
}

/** A release in an image registry: an operator bundle. Its digest is that of the manifest, `sha256:` and 64 hex digits. */
export interface BundleImage extends ReleaseContent {
  /** Of the manifest. */
  readonly mediaType: string;
  readonly manifest: Buffer;
  readonly config: ImageBlob;
  readonly layer: ImageBlob;
}

/** Whether a release is there: with this content, with another, not at all, or who knows. */
export type Found = "same" | "other" | "none" | "unknown";

/** What a registry tells of a release. */
export interface ReleaseFacts {
  /** As in ReleaseContent; null where the registry does not tell. */
  readonly digest: string | null;
  /** When it was published, as the registry writes it; null where it does not tell. */
  readonly created: string | null;
}

/** Where releases are published. Its methods act with the caller's token. */
export interface ReleaseTarget<Content extends ReleaseContent = ReleaseContent> {
  /** Names of all releases, newest first, one that is there twice twice; empty for an unknown repository. */
  listVersions(repository: Repository): Promise<readonly string[]>;
  /**
   * Publishes a new release. Throws ReleaseExistsError where the registry says that one of that version is there; one of
   * images does not, so the caller looks for it first.
   */
  push(release: Release, content: Content): Promise<void>;
  /** Looks for a release. Throws nothing of its own: what cannot be asked is unknown. */
  find(release: Release, digest: string): Promise<Found>;
  /** Tells of a release; undefined where it is not there. */
  describe(release: Release): Promise<ReleaseFacts | undefined>;
  /** Takes a release away. Throws QuayPackageNotFoundError where it is not there. */
  delete(release: Release): Promise<void>;
  /** Lets everyone read the repository, with the organization's own token. */
  publish(repository: Repository, token: Secret): Promise<void>;
}

/** A registry of packages: each release is a package with all its versions. */
export interface PackageRegistry extends ReleaseTarget<PackageArchive> {
  readonly kind: "appregistry";
}

/** A registry of images: each release is one version of an operator, as a bundle. */
export interface BundleRegistry extends ReleaseTarget<BundleImage> {
  readonly kind: "bundle";
  /** Digest of a release, looked for before a push; undefined where it is not there. Throws as `push`. */
  digestOf(release: Release): Promise<string | undefined>;
  /** How others name the release's image, as `quay.io/acme/etcd:v1.0.0`. */
  referenceOf(release: Release): string;
}

/** The kinds of registries that there are. */
export type Registry = PackageRegistry | BundleRegistry;
