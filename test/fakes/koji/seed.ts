import type { KojiValue } from "./xml.ts";

export type KojiState = "BUILDING" | "COMPLETE" | "DELETED" | "FAILED" | "CANCELED";

/** By number. */
export const STATES: readonly KojiState[] = ["BUILDING", "COMPLETE", "DELETED", "FAILED", "CANCELED"];

export type ChecksumType = "md5" | "sha1" | "sha256";

/** By number. */
export const CHECKSUM_TYPES: readonly ChecksumType[] = ["md5", "sha1", "sha256"];

/** A file stored in the build's `files/operator-manifests`. */
export interface ArchiveSeed {
  readonly filename: string;
  readonly content: Uint8Array;
  /** md5 unless told, as build systems do */
  readonly checksumType?: ChecksumType;
  /** A directory below, of which listArchives knows nothing. */
  readonly subdirectory?: string;
  /** Listed, but no file is stored. */
  readonly metadataOnly?: boolean;
  /** What the hub says where it differs from the content: a damaged file. */
  readonly listed?: { readonly size?: number; readonly checksum?: string };
}

/** A file stored in the build's `data/logs`. */
export interface LogSeed {
  readonly name: string;
  readonly content: Uint8Array;
  /** A directory in there; none unless told. */
  readonly directory?: string;
}

export interface KojiBuildSeed {
  readonly nvr: string;
  /** The next free number unless told. */
  readonly id?: number;
  /** COMPLETE unless told */
  readonly state?: KojiState;
  readonly epoch?: number;
  /** DEFAULT unless told */
  readonly volume?: string;
  readonly taskId?: number;
  /** Names of its tags; none unless told. */
  readonly tags?: readonly string[];
  /** null unless told */
  readonly extra?: KojiValue;
  readonly archives?: readonly ArchiveSeed[];
  readonly logs?: readonly LogSeed[];
  /** getBuild's recorded answer, which then is given byte for byte; it also says all of the above but the files. */
  readonly recording?: string;
}

/** What Koji holds before the first request. */
export interface KojiSeed {
  readonly builds?: readonly KojiBuildSeed[];
  /** Further files below Koji's root, by path. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** False for a hub to which nobody added the type operator-manifests. */
  readonly knowsOperatorManifests?: boolean;
}
