/** Operator bundles (registry+v1): from a package, or from a bundle's own files, to an image. */

export {
  type IdentifiedBundle,
  type IdentifiedOperator,
  type IdentifiedVersions,
  identifyOperator,
} from "./identify.ts";
export { packBundle } from "./image.ts";
export {
  LARGE_OBJECT_BYTES,
  MAX_ANNOTATIONS_LENGTH,
  MAX_BUNDLE_BYTES,
  MAX_BUNDLES,
  MAX_BUNDLES_BYTES,
  MAX_FILES,
  MAX_LAYER_BYTES,
  MAX_METADATA_FILE_BYTES,
  MAX_OBJECT_BYTES,
  MAX_VERSION_LENGTH,
} from "./limits.ts";
export type { BundleSettings, ImageMediaTypes, OperatorBundle } from "./operator-bundle.ts";
export { type BundleVerdict, bundlesOf, requireBundles } from "./verdict.ts";
