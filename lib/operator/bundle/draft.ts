import type { BundleDescription } from "./annotations.ts";
import type { BundleParts } from "./parts.ts";

/** What a bundle says of itself, and the files in which it does. */
export interface BundleMetadata {
  readonly description: BundleDescription;
  /** All annotations that it has. */
  readonly annotations: ReadonlyMap<string, string>;
  /** The files of metadata/, by their names there. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** A bundle of which is known what it holds, but not whether it is in order. */
export interface BundleDraft {
  readonly parts: BundleParts;
  /** Undefined where something is wrong with it, which the findings tell. */
  readonly metadata: BundleMetadata | undefined;
}
