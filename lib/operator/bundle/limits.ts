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

/** Bytes of one file of metadata/, as of a manifest. Honest ones have a few kilobytes. */
export const MAX_METADATA_FILE_BYTES = 1024 * 1024;

/**
 * Bytes of all files of one bundle, those of metadata/ too. Manifests shrink to a tenth, so an honest one that fits
 * packed has fewer.
 */
export const MAX_BUNDLE_BYTES = 16 * 1024 * 1024;

/**
 * Bytes of all bundles of one archive: files that several versions share are packed once for each. Packing
 * this much takes about a second. The largest package of community-operators has 12 million in all versions.
 */
export const MAX_BUNDLES_BYTES = 64 * 1024 * 1024;

/**
 * Bundles of one archive: each is an image of its own to pack and push, within the time of one push. The largest
 * package of community-operators that is known to us makes 11.
 */
export const MAX_BUNDLES = 100;

/**
 * Files in all bundles of one archive: what versions of a flat package share is in each of them, so a small archive
 * can make the square of its files. Packing this many small ones takes a third of a second, and answers name each.
 * The largest package of community-operators has 67.
 */
export const MAX_FILES = 5000;

/**
 * Characters of the annotations of all bundles of one archive, names and values: they become labels in the
 * configuration of an image, of which registries and clients take 4 MiB, and where a character can take six bytes.
 * Those of one honest bundle have about 500.
 */
export const MAX_ANNOTATIONS_LENGTH = 256 * 1024;

/** Characters of an image's tag (OCI distribution specification). */
const MAX_TAG_LENGTH = 128;

/** Characters of a bundle's version, whose tag is "v" and the version. */
export const MAX_VERSION_LENGTH = MAX_TAG_LENGTH - "v".length;
