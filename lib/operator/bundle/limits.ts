/**
 * Bytes of one manifest: OLM stores each object of a bundle in the cluster, and etcd takes requests of 1.5 MiB
 * with about a MiB left for the object. It is also the most that a ConfigMap may hold.
 */
export const MAX_OBJECT_BYTES = 1024 * 1024;

/** From here on a manifest gets a warning: clusters add managed fields and status to it. */
export const LARGE_OBJECT_BYTES = Math.floor(0.9 * MAX_OBJECT_BYTES);

/**
 * Bytes of the packed layer: OLM unpacks a bundle into one ConfigMap, compressed (the limit that
 * `operator-sdk bundle validate` has too).
 */
export const MAX_LAYER_BYTES = 1024 * 1024;

/** Bytes of all files of one bundle. Manifests shrink to a tenth, so an honest one that fits packed has fewer. */
export const MAX_BUNDLE_BYTES = 16 * 1024 * 1024;

/**
 * Bytes of all bundles of one archive: files that several versions share are packed once for each. Packing
 * this much takes about a second. The largest package of community-operators has 12 million in all versions.
 */
export const MAX_BUNDLES_BYTES = 64 * 1024 * 1024;

/** Characters of an image's tag (OCI distribution specification). */
export const MAX_TAG_LENGTH = 128;
