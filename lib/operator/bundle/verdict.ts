import compare from "semver/functions/compare.js";
import { PackageValidationError } from "../../errors/index.ts";
import { UnusableField } from "../field.ts";
import { type Finding, Findings } from "../findings.ts";
import type { Manifests } from "../manifests.ts";
import { describe } from "../python.ts";
import { bundleDrafts } from "./bundle-drafts.ts";
import { BundleRules } from "./bundle-rules.ts";
import type { BundleDraft, BundleMetadata } from "./draft.ts";
import { guarded } from "./guarded.ts";
import type { IdentifiedOperator } from "./identify.ts";
import type { BundleSettings, OperatorBundle } from "./operator-bundle.ts";
import { packageDrafts } from "./package-drafts.ts";
import type { BundleParts } from "./parts.ts";
import { versionOf } from "./version.ts";

/** What the rules for bundles say about an archive. */
export interface BundleVerdict {
  readonly valid: boolean;
  /** The oldest version first; empty where the archive is not valid. */
  readonly bundles: readonly OperatorBundle[];
  /** All of them, each with its file. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** The same errors and warnings with their places. */
  readonly findings: readonly Finding[];
}

/**
 * Makes operator bundles of an archive, and judges them. Never throws for a bad one.
 *
 * @param operator with the package's name that the bundles are to bear
 */
export function bundlesOf(
  manifests: Manifests,
  operator: IdentifiedOperator,
  settings: BundleSettings,
): BundleVerdict {
  const findings = new Findings();
  const bundles: OperatorBundle[] = [];
  const stopped: string[] = [];
  try {
    const drafts = draftsOf(manifests, operator, settings, findings);
    bundles.push(...judged(manifests, drafts, settings, findings));
  } catch (error) {
    if (!(error instanceof UnusableField)) throw error;
    stopped.push(error.message);
  }
  const errors = [...messages(findings, "error"), ...stopped];
  const valid = errors.length === 0;
  return {
    valid,
    bundles: valid ? bundles.toSorted((a, b) => compare(a.version, b.version)) : [],
    errors,
    warnings: messages(findings, "warning"),
    findings: findings.all,
  };
}

/**
 * The bundles of a valid archive.
 *
 * @throws PackageValidationError with the findings in `validation_info` for another
 */
export function requireBundles({
  valid,
  bundles,
  errors,
  warnings,
}: BundleVerdict): readonly OperatorBundle[] {
  if (valid) return bundles;
  throw new PackageValidationError(
    `Failed to push manifest: The archive does not make a valid operator bundle: ${errors[0]}`,
    { errors, warnings },
  );
}

function messages({ all }: Findings, level: Finding["level"]): string[] {
  return all.filter((finding) => finding.level === level).map(({ file, message }) => `${file}: ${message}`);
}

function draftsOf(
  manifests: Manifests,
  operator: IdentifiedOperator,
  settings: BundleSettings,
  findings: Findings,
): readonly BundleDraft[] {
  const { packageName } = operator;
  if (typeof packageName !== "string" || packageName.trim() === "") {
    throw new UnusableField(
      `${operator.path}: Expected the package's name to be a text, but it is ${describe(packageName)}. Put it in quotes.`,
    );
  }
  return operator.layout === "package"
    ? packageDrafts(manifests, operator, packageName, settings, findings)
    : bundleDrafts(manifests, operator, packageName, settings, findings);
}

function judged(
  manifests: Manifests,
  drafts: readonly BundleDraft[],
  settings: BundleSettings,
  findings: Findings,
): readonly OperatorBundle[] {
  const rules = new BundleRules(manifests, findings);
  const versions = new Map<string, string>();
  return drafts.flatMap((draft) => {
    const { csv } = draft.parts;
    rules.check(draft);
    const version = guarded(csv.path, findings, () => versionOf(csv, findings));
    if (version === undefined) return [];
    const other = versions.get(version);
    versions.set(version, csv.path);
    if (other !== undefined) {
      findings.error(
        csv.object,
        `Expected each version once, but ${other} has spec.version ${version} too. Change one.`,
      );
    }
    const { metadata } = draft;
    return metadata ? [toBundle(manifests, draft.parts, metadata, version, settings)] : [];
  });
}

function toBundle(
  manifests: Manifests,
  parts: BundleParts,
  metadata: BundleMetadata,
  version: string,
  { labels = {} }: BundleSettings,
): OperatorBundle {
  const files = new Map<string, Uint8Array>();
  for (const { path, fileName } of parts.files) {
    const bytes = manifests.files.get(path);
    if (bytes) files.set(`manifests/${fileName}`, bytes);
  }
  for (const [name, bytes] of metadata.files) files.set(`metadata/${name}`, bytes);
  const own = Object.fromEntries(metadata.annotations);
  return { ...metadata.description, version, files, labels: { ...labels, ...own } };
}
