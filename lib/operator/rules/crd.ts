import type { Field } from "../field.ts";
import type { Findings } from "../findings.ts";

/** The rules for a CustomResourceDefinition (operator-courier 2.1.11). */
export function checkCrd(crd: Field, findings: Findings): void {
  checkMetadata(crd, findings);
  if (!crd.has("apiVersion")) findings.error(crd, "crd apiVersion not defined.");
  if (!crd.has("spec")) {
    findings.error(crd, "crd spec not defined.");
    return;
  }
  const spec = crd.get("spec");
  checkNames(spec, findings);
  if (!spec.has("group")) findings.error(spec, "crd spec.group not defined.");
  if (!spec.has("version") && !spec.has("versions")) {
    findings.error(spec, "crd spec.version or spec.versions not defined.");
  }
  if (spec.has("versions")) checkVersions(spec, findings);
}

function checkMetadata(crd: Field, findings: Findings): void {
  if (!crd.has("metadata")) findings.error(crd, "crd metadata not defined.");
  else if (!crd.get("metadata").has("name")) {
    findings.error(crd.get("metadata"), "crd metadata.name not defined.");
  }
}

function checkNames(spec: Field, findings: Findings): void {
  if (!spec.has("names")) {
    findings.error(spec, "crd spec.names not defined.");
    return;
  }
  const names = spec.get("names");
  if (!names.has("kind")) findings.error(names, "crd spec.names.kind not defined.");
  if (!names.has("plural")) findings.error(names, "crd spec.names.plural not defined.");
}

function checkVersions(spec: Field, findings: Findings): void {
  const versions = spec.get("versions");
  if (versions.length() === 0) {
    findings.error(versions, "crd spec.versions is empty.");
    return;
  }
  const entries = versions.items();
  for (const entry of entries) {
    if (!(entry.has("name") && entry.has("served") && entry.has("storage"))) {
      findings.error(entry, "crd spec.versions contains an invalid CustomResourceDefinitionVersion.");
    }
  }
  if (spec.has("version")) checkFirstVersion(spec.get("version"), findings);
  const stored = entries.filter((entry) => entry.has("storage") && entry.get("storage").value === true);
  if (stored.length !== 1) {
    findings.error(
      versions,
      "crd spec.version should contain exactly one version flagged as storage version.",
    );
  }
}

/** The rule looks at the first character of `spec.version`, so it only ever speaks up where that is no text. */
function checkFirstVersion(version: Field, findings: Findings): void {
  const first = version.first();
  if (first.has("name") && !version.equals(first.get("name"))) {
    findings.error(
      version,
      "crd spec.version and spec.versions are defined but spec.versions[0].name doesn't match spec.version.",
    );
  }
}
