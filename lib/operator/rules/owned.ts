import type { Field } from "../field.ts";
import type { Findings } from "../findings.ts";
import { Dict, isHashable } from "../yaml/index.ts";

/**
 * The rules that hold the resources a ClusterServiceVersion owns against the CRDs (operator-courier 2.1.11).
 *
 * @param spec of the ClusterServiceVersion
 */
export function checkOwned(spec: Field, crds: readonly Field[], findings: Findings): void {
  const owned = ownedResources(spec);
  if (owned === undefined) return;
  const named = crds.flatMap((crd) => namedCrd(crd) ?? []);
  const versions = new VersionMatches();
  for (const item of owned) {
    findings.compares(2 * named.length + 1);
    checkItem(item, named, findings);
    if (!item.has("name")) continue;
    for (const { name, crd } of named) {
      if (name.equals(item.get("name")) && crd.has("spec"))
        compare(item, crd.get("spec"), versions, findings);
    }
  }
  versions.report(findings);
}

interface NamedCrd {
  readonly name: Field;
  readonly crd: Field;
}

/** Undefined for a CRD without a name, which the rules for CRDs have reported. */
function namedCrd(crd: Field): NamedCrd | undefined {
  const name = crd.optional("metadata")?.optional("name");
  return name && { name, crd };
}

/** Undefined where the names of the CRDs are not looked at. */
function ownedResources(spec: Field): Field[] | undefined {
  if (!spec.has("customresourcedefinitions")) return undefined;
  const definitions = spec.get("customresourcedefinitions");
  if (definitions.value === null || !definitions.has("owned")) return undefined;
  return definitions.get("owned").items();
}

function checkItem(item: Field, crds: readonly NamedCrd[], findings: Findings): void {
  if (!item.has("name")) {
    findings.error(item, "name not defined for item in spec.customresourcedefinitions.");
  } else {
    const name = item.get("name");
    if (!crds.some((crd) => crd.name.equals(name))) {
      findings.error(
        name,
        `custom resource definition ${name.printed()} referenced in csv not defined in root list of crds`,
      );
    }
  }
  for (const key of ["kind", "version"]) {
    if (!item.has(key))
      findings.error(item, `${key} not defined for item in spec.customresourcedefinitions.`);
  }
}

function compare(item: Field, spec: Field, versions: VersionMatches, findings: Findings): void {
  compareKind(item, spec, findings);
  compareVersions(item, spec, findings);
  versions.add(item, spec);
  compareName(item, spec, findings);
}

function compareKind(item: Field, spec: Field, findings: Findings): void {
  if (!(item.has("kind") && spec.has("names") && spec.get("names").has("kind"))) return;
  if (!item.get("kind").equals(spec.get("names").get("kind"))) {
    findings.error(item.get("kind"), "CRD.spec.names.kind does not match CSV.spec.crd.owned.kind");
  }
}

function compareVersions(item: Field, spec: Field, findings: Findings): void {
  if (!(item.has("version") && spec.has("versions"))) return;
  const version = item.get("version");
  const known = spec.get("versions").items();
  findings.compares(known.length);
  if (!known.some((entry) => entry.has("name") && entry.get("name").equals(version))) {
    findings.error(version, "CSV.spec.crd.owned.version is not in CRD.spec.versions list");
  }
}

function compareName(item: Field, spec: Field, findings: Findings): void {
  if (!(spec.has("names") && spec.get("names").has("plural") && spec.has("group"))) return;
  const plural = spec.get("names").get("plural");
  const group = spec.get("group");
  if (`${plural.text()}.${group.text()}` !== item.get("name").value) {
    findings.error(
      item.get("name"),
      "`CRD.spec.names.plural`.`CRD.spec.group` does not match CSV.spec.crd.owned.name",
    );
  }
}

/** Which names of CRDs with a single `spec.version` had a match: several CRDs or items may share a name. */
class VersionMatches {
  readonly #matched = new Dict();
  /** The owned version that was first compared, for each name in the same order. */
  readonly #versions: Field[] = [];

  add(item: Field, spec: Field): void {
    if (!(item.has("version") && spec.has("version"))) return;
    const name = item.get("name");
    if (!isHashable(name.value)) name.unusable("a text");
    const before = this.#matched.get(name.value);
    if (before === undefined) this.#versions.push(item.get("version"));
    const matches = spec.get("version").equals(item.get("version"));
    this.#matched.set(name.value, matches || before === true);
  }

  report(findings: Findings): void {
    const matched = [...this.#matched.entries()].map(([, value]) => value);
    for (const [index, version] of this.#versions.entries()) {
      if (matched[index] === true) continue;
      findings.error(version, "CRD.spec.version does not match CSV.spec.crd.owned.version");
    }
  }
}
