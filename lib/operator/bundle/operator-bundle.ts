import type { FileMap } from "../manifests.ts";

/** How an organization wants its bundles. */
export interface BundleSettings {
  /** Of a package with several versions: those at the heads of its channels, or all that are in a channel. */
  readonly versions: "current" | "all";
  /**
   * Channels of each bundle. As with `opm alpha bundle generate --channels`, they take the place of what
   * a package file says, but annotations that are in the archive (metadata/annotations.yaml) win over them.
   */
  readonly channels?: readonly string[] | undefined;
  /** The default channel, which wins and loses as `channels` do. */
  readonly defaultChannel?: string | undefined;
  /** Labels that the image gets besides the bundle's own, which win over them. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** The media types of an image's parts: those of the OCI, or of Docker's schema 2. */
export type ImageMediaTypes = "oci" | "docker";

/** One version of an operator in the format registry+v1, ready to be packed. */
export interface OperatorBundle {
  readonly packageName: string;
  /** A semantic version without a build part: the image's tag. */
  readonly version: string;
  /** Not empty. */
  readonly channels: readonly string[];
  readonly defaultChannel?: string | undefined;
  /** The files of the image: `manifests/…` and `metadata/…`. */
  readonly files: FileMap;
  /** The labels of the image. */
  readonly labels: Readonly<Record<string, string>>;
}
