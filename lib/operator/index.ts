export { packRelease } from "./archive.ts";
export {
  type BundleSettings,
  type BundleVerdict,
  bundlesOf,
  type IdentifiedOperator,
  type ImageMediaTypes,
  identifyOperator,
  type OperatorBundle,
  packBundle,
  requireBundles,
} from "./bundle/index.ts";
export { type CsvDescription, describeCsvs } from "./catalog.ts";
export {
  addNameSuffix,
  annotateCsvs,
  BUNDLE_FILES,
  type NamedPackage,
  replaceRegistry,
} from "./edit/index.ts";
export type { Finding } from "./findings.ts";
export { type IdentifiedPackage, identifyPackage, repositoryOfPackage } from "./identify.ts";
export { type FileMap, Manifests } from "./manifests.ts";
export { buildRelease } from "./release.ts";
export { type ChannelSummary, type PackageSummary, summarize } from "./summary.ts";
export { requireValid, type Verdict, type VerdictError, verify } from "./verdict.ts";
export type { Value } from "./yaml/index.ts";
