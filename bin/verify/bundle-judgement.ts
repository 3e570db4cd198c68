import { PackageValidationError } from "../../lib/errors/index.ts";
import {
  type BundleVerdict,
  bundlesOf,
  identifyOperator,
  Manifests,
  type OperatorBundle,
  packBundle,
} from "../../lib/operator/index.ts";
import { readPackage } from "./judgement.ts";

/** An image that would be pushed. */
export interface PlannedImage {
  readonly package: string;
  /** Its tag is "v" and this. */
  readonly version: string;
  readonly channels: readonly string[];
  readonly default_channel: string | null;
  readonly digest: string;
  /** Bytes of its layer. */
  readonly size: number;
  readonly files: readonly string[];
}

export interface BundleJudgement extends Pick<BundleVerdict, "valid" | "errors" | "warnings" | "findings"> {
  /** The lowest version first; empty where the archive is not valid. */
  readonly images: readonly PlannedImage[];
}

/**
 * Judges a package or a bundle as a push to an image registry would, for an organization that configures nothing else.
 *
 * @throws Error where it cannot be read
 */
export async function judgeBundles(path: string): Promise<BundleJudgement> {
  const manifests = new Manifests(await readPackage(path));
  try {
    const verdict = bundlesOf(manifests, identifyOperator(manifests), { versions: "current" });
    const { valid, errors, warnings, findings, bundles } = verdict;
    const images: PlannedImage[] = [];
    for (const bundle of bundles) images.push(await planned(bundle));
    return { valid, errors, warnings, findings, images };
  } catch (error) {
    if (!(error instanceof PackageValidationError)) throw error;
    return { valid: false, errors: [error.message], warnings: [], findings: [], images: [] };
  }
}

async function planned(bundle: OperatorBundle): Promise<PlannedImage> {
  const { digest, layer } = await packBundle(bundle, "oci");
  return {
    package: bundle.packageName,
    version: bundle.version,
    channels: bundle.channels,
    default_channel: bundle.defaultChannel ?? null,
    digest,
    size: layer.bytes.length,
    files: [...bundle.files.keys()].sort(),
  };
}
