import { PackageValidationError } from "../errors/index.ts";
import { UnusableField } from "./field.ts";
import { type Finding, Findings } from "./findings.ts";
import { BadLayout, type Bundle, type Layout, readLayout } from "./layout.ts";
import { type Manifests, UnreadableManifest } from "./manifests.ts";
import { bundleText } from "./release.ts";
import { checkCrd } from "./rules/crd.ts";
import { checkCsv } from "./rules/csv.ts";
import { checkPackage, checkRepository } from "./rules/package.ts";

/** What operator-courier 2.1.11 says about a package. */
export interface Verdict {
  /** Whether it has a directory for each version; null where the rules were not reached. */
  readonly nested: boolean | null;
  readonly valid: boolean;
  /** Null exactly where the package is valid. */
  readonly error: VerdictError | null;
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** The same errors and warnings with their places, as far as rules found them. */
  readonly findings: readonly Finding[];
  /** The text of bundle.yaml, for a valid flat package. */
  readonly bundle?: string;
}

export interface VerdictError {
  readonly class: "OpCourierBadYaml" | "OpCourierBadBundle";
  /** operator-courier's own text; ours, where it dies with a plain exception. */
  readonly message: string;
  /** What operator-courier does not say: which file cannot be read, where and why. */
  readonly reason?: string;
}

/**
 * Judges a package as operator-courier 2.1.11 does. Never throws for a bad package: where the original
 * dies with a plain exception, the verdict says which field of which file is to blame.
 *
 * @param repository name of the repository that it is to be pushed to, any text
 */
export function verify(manifests: Manifests, repository: string): Verdict {
  const findings = new Findings();
  let nested: boolean | null = null;
  let bundle: string | undefined;
  try {
    const layout = readLayout(manifests);
    nested = layout.nested;
    for (const bundle of layout.bundles) checkBundle(bundle, layout, repository, findings);
    if (findings.errors.length === 0 && !nested) bundle = bundleText(layout);
  } catch (error) {
    return refusal(error, nested, findings);
  }
  const { errors, warnings, all } = findings;
  const found = { nested, errors, warnings, findings: all };
  if (errors.length === 0)
    return { ...found, valid: true, error: null, ...(bundle !== undefined && { bundle }) };
  const error: VerdictError = {
    class: "OpCourierBadBundle",
    message: "Resulting bundle is invalid, input yaml is improperly defined.",
  };
  return { ...found, valid: false, error };
}

function checkBundle({ crds, csvs }: Bundle, layout: Layout, repository: string, findings: Findings): void {
  for (const crd of crds) checkCrd(crd, findings);
  for (const csv of csvs) checkCsv(csv, crds, findings);
  const checked = checkPackage(layout.package, csvs, layout.nested, findings);
  if (checked) checkRepository(layout.package, repository, findings);
}

function refusal(error: unknown, nested: boolean | null, { errors, warnings, all }: Findings): Verdict {
  const notReached = { nested: null, valid: false, errors: [], warnings: [], findings: [] };
  if (error instanceof UnreadableManifest) {
    const message = "Courier requires valid input YAML files";
    const told: VerdictError = { class: "OpCourierBadYaml", message, reason: error.message };
    return { ...notReached, error: told };
  }
  if (error instanceof BadLayout) {
    const told: VerdictError = { class: "OpCourierBadBundle", message: error.message };
    return { ...notReached, error: told };
  }
  if (!(error instanceof UnusableField)) throw error;
  const told: VerdictError = { class: "OpCourierBadBundle", message: error.message };
  return {
    nested,
    valid: false,
    error: told,
    errors: nested === null ? [] : [...errors, error.message],
    warnings,
    findings: all,
  };
}

/**
 * Lets a valid package pass.
 *
 * @throws PackageValidationError otherwise, with the findings in `validation_info`, or with an empty one where
 *   the rules were not reached.
 */
export function requireValid({ nested, error, errors, warnings }: Verdict): void {
  if (error === null) return;
  const reason = error.reason === undefined ? "" : ` (${error.reason})`;
  const info = nested === null ? undefined : { errors, warnings };
  throw new PackageValidationError(`Failed to push manifest: ${error.message}${reason}`, info);
}
