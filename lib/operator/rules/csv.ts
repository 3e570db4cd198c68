import type { Field } from "../field.ts";
import type { Findings } from "../findings.ts";
import { isJson } from "../json.ts";
import { Dict } from "../yaml/index.ts";
import { checkOwned } from "./owned.ts";

const ANNOTATIONS = ["categories", "description", "containerImage", "createdAt", "support"];
const DESCRIPTIVE_FIELDS = ["displayName", "description", "icon", "version", "provider", "maturity"];

/**
 * The rules for a ClusterServiceVersion (operator-courier 2.1.11).
 *
 * @param crds of the same bundle
 */
export function checkCsv(csv: Field, crds: readonly Field[], findings: Findings): void {
  if (csv.has("metadata")) checkMetadata(csv.get("metadata"), findings);
  else findings.error(csv, "csv metadata not defined.");
  if (!csv.has("apiVersion")) findings.error(csv, "csv apiVersion not defined.");
  if (csv.has("spec")) {
    checkSpec(csv.get("spec"), findings);
    checkOwned(csv.get("spec"), crds, findings);
  } else findings.error(csv, "csv spec not defined.");
}

function checkMetadata(metadata: Field, findings: Findings): void {
  if (!metadata.has("name")) findings.error(metadata, "csv metadata.name not defined.");
  if (metadata.has("annotations")) checkAnnotations(metadata.get("annotations"), findings);
  else findings.warn(metadata, "csv metadata.annotations not defined.");
}

function checkAnnotations(annotations: Field, findings: Findings): void {
  for (const name of ANNOTATIONS) {
    if (!annotations.has(name)) findings.warn(annotations, `csv metadata.annotations.${name} not defined`);
  }
  if (!annotations.has("certified")) {
    findings.warn(annotations, "csv metadata.annotations.certified not defined.");
  } else if (typeof annotations.get("certified").value !== "string") {
    findings.error(annotations.get("certified"), "metadata.annotations.certified is not of typestring");
  }
  if (annotations.has("alm-examples") && !hasJsonExamples(annotations)) {
    findings.error(annotations, "metadata.annotations.alm-examples contains invalid json string");
  }
}

/** Whatever goes wrong with the examples counts as invalid JSON, even where annotations are no mapping. */
function hasJsonExamples({ value }: Field): boolean {
  return value instanceof Dict && isJson(value.get("alm-examples") ?? null);
}

function checkSpec(spec: Field, findings: Findings): void {
  for (const name of DESCRIPTIVE_FIELDS) {
    if (!spec.has(name)) findings.warn(spec, `csv spec.${name} not defined`);
  }
  if (!spec.has("installModes")) findings.error(spec, "csv spec.installModes not defined");
  if (spec.has("install")) checkInstall(spec.get("install"), findings);
  else findings.error(spec, "csv spec.install not defined");
}

function checkInstall(install: Field, findings: Findings): void {
  if (!install.has("strategy")) {
    findings.error(install, "csv spec.install.strategy not defined");
  } else if (install.get("strategy").value !== "deployment") {
    findings.error(install, "csv spec.install.strategy must be one of ['deployment']");
  }
  if (install.has("spec")) checkInstallSpec(install.get("spec"), findings);
  else findings.error(install, "csv spec.install.spec not defined");
}

function checkInstallSpec(spec: Field, findings: Findings): void {
  if (spec.has("deployments")) checkList(spec, "deployments", findings);
  else findings.error(spec, "csv spec.install.spec.deployments not defined");
  checkList(spec, "permissions", findings);
  checkList(spec, "clusterPermissions", findings);
}

function checkList(spec: Field, name: string, findings: Findings): void {
  const list = spec.optional(name);
  if (list && !Array.isArray(list.value)) {
    findings.error(list, `csv spec.install.spec.${name} should be a list`);
  }
}
