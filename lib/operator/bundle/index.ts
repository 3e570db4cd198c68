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
  MAX_BUNDLE_BYTES,
  MAX_BUNDLES_BYTES,
  MAX_LAYER_BYTES,
  MAX_OBJECT_BYTES,
  MAX_TAG_LENGTH,
} from "./limits.ts";
export type { BundleSettings, ImageMediaTypes, OperatorBundle } from "./operator-bundle.ts";
export { type BundleVerdict, bundlesOf, requireBundles } from "./verdict.ts";
