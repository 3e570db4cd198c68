const PREFIX = "operators.operatorframework.io.bundle.";

/** What opm reads of a bundle, in metadata/annotations.yaml and in the labels of its image. */
export const MEDIA_TYPE = `${PREFIX}mediatype.v1`;
export const MANIFESTS_DIRECTORY = `${PREFIX}manifests.v1`;
export const METADATA_DIRECTORY = `${PREFIX}metadata.v1`;
export const PACKAGE = `${PREFIX}package.v1`;
export const CHANNELS = `${PREFIX}channels.v1`;
export const DEFAULT_CHANNEL = `${PREFIX}channel.default.v1`;

/** The annotations that are the same in each bundle. */
export const FIXED: ReadonlyMap<string, string> = new Map([
  [MEDIA_TYPE, "registry+v1"],
  [MANIFESTS_DIRECTORY, "manifests/"],
  [METADATA_DIRECTORY, "metadata/"],
]);

/** In metadata/. */
export const ANNOTATIONS_NAME = "annotations.yaml";
export const ANNOTATIONS_FILE = `metadata/${ANNOTATIONS_NAME}`;
