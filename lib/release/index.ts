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
  /** The tar.gz. */
  readonly archive: Buffer;
  /** SHA-256 of the tar in it, in hex: by that a registry knows the content. */
  readonly digest: string;
}

/** Whether a release is there: with this content, with another, not at all, or who knows. */
export type Found = "same" | "other" | "none" | "unknown";

/** Where releases are published. Its methods act with the caller's token. */
export interface ReleaseTarget {
  /** Names of all releases, newest first, one that is there twice twice; empty for an unknown repository. */
  listVersions(repository: Repository): Promise<readonly string[]>;
  /** Publishes a new release. Throws ReleaseExistsError where one of that version is there. */
  push(release: Release, content: ReleaseContent): Promise<void>;
  /** Looks for a release. Throws nothing of its own: what cannot be asked is unknown. */
  find(release: Release, digest: string): Promise<Found>;
  /** Takes a release away. Throws QuayPackageNotFoundError where it is not there. */
  delete(release: Release): Promise<void>;
  /** Lets everyone read the repository, with the organization's own token. */
  publish(repository: Repository, token: Secret): Promise<void>;
}
