import { Field } from "../field.ts";
import type { Findings } from "../findings.ts";
import { Dict } from "../yaml/index.ts";
import { LARGE_OBJECT_BYTES, MAX_OBJECT_BYTES } from "./limits.ts";
import { type ManifestFile, textOf } from "./manifest-files.ts";

/** Kinds that OLM installs from a bundle (operator-registry 1.47, pkg/lib/bundle/supported_resources.go). */
const SUPPORTED_KINDS = new Set([
  "ClusterRole",
  "ClusterRoleBinding",
  "ClusterServiceVersion",
  "ConfigMap",
  "ConsoleCLIDownload",
  "ConsoleLink",
  "ConsoleQuickStart",
  "ConsoleYAMLSample",
  "CustomResourceDefinition",
  "PodDisruptionBudget",
  "PriorityClass",
  "PrometheusRule",
  "Role",
  "RoleBinding",
  "Secret",
  "Service",
  "ServiceAccount",
  "ServiceMonitor",
  "VerticalPodAutoscaler",
]);

/**
 * The rules for one file of manifests/: one Kubernetes object, small enough for a cluster. That it is one
 * document only, reading it has shown.
 */
export function checkObject({ object, kind, name }: ManifestFile, bytes: number, findings: Findings): void {
  checkSize(object.file, bytes, findings);
  if (!(object.value instanceof Dict)) {
    findings.error(
      object,
      "Expected one Kubernetes object, a mapping. Take the file out of the bundle, or correct it.",
    );
    return;
  }
  for (const key of ["apiVersion", "kind"]) {
    if (textOf(object.value, key) === "") {
      findings.error(
        object,
        `Expected one Kubernetes object, but it has no ${key}. Add it, or take the file out of the bundle.`,
      );
    }
  }
  if (name === "") {
    findings.error(object, "Expected metadata.name to be a text that names the object. Add it.");
  }
  // Not an error: the list grows with OLM, and what a cluster's version cannot install, it says itself.
  if (kind !== "" && !SUPPORTED_KINDS.has(kind)) {
    findings.warn(object, `The kind ${kind.slice(0, 100)} is none of those that OLM installs from a bundle.`);
  }
}

function checkSize(path: string, bytes: number, findings: Findings): void {
  const file = new Field(path, null);
  if (bytes > MAX_OBJECT_BYTES) {
    findings.error(
      file,
      `Expected at most ${MAX_OBJECT_BYTES} bytes, the most that a cluster stores as one object, but it has ${bytes}. Make it smaller.`,
    );
  } else if (bytes > LARGE_OBJECT_BYTES) {
    findings.warn(
      file,
      `It has ${bytes} bytes, which is close to the ${MAX_OBJECT_BYTES} that a cluster stores as one object.`,
    );
  }
}
