import { describe, expect, it } from "vitest";
import {
  crd,
  csv,
  errorsOf,
  type Json,
  type JsonObject,
  OWNED_FOO,
  owning,
  refusalOf,
} from "./package-builder.ts";

const NOT_IN_VERSIONS = "CSV.spec.crd.owned.version is not in CRD.spec.versions list";
const OTHER_VERSION = "CRD.spec.version does not match CSV.spec.crd.owned.version";
const OTHER_KIND = "CRD.spec.names.kind does not match CSV.spec.crd.owned.kind";
const OTHER_NAME = "`CRD.spec.names.plural`.`CRD.spec.group` does not match CSV.spec.crd.owned.name";

const owned = (change: JsonObject) => ({ "csv.yaml": csv(owning({ ...OWNED_FOO, ...change })) });
const ofVersion = (version: Json, rest: JsonObject = {}) => crd({ version, versions: undefined, ...rest });

describe("a resource that a ClusterServiceVersion owns", () => {
  it.each(["name", "kind", "version"])("needs a %s", (key) => {
    expect(errorsOf(owned({ [key]: undefined }))).toEqual([
      `${key} not defined for item in spec.customresourcedefinitions.`,
    ]);
  });

  it("needs a CRD of its name", () => {
    expect(errorsOf(owned({ name: "bars.example.com" }))).toEqual([
      "custom resource definition bars.example.com referenced in csv not defined in root list of crds",
    ]);
  });

  it("is shown as Python shows it when its name is no text", () => {
    expect(errorsOf(owned({ name: ["a", null, true] }))).toEqual([
      "custom resource definition ['a', None, True] referenced in csv not defined in root list of crds",
    ]);
  });

  it("must have the kind, a version and the name of the CRD", () => {
    expect(errorsOf(owned({ kind: "Bar" }))).toEqual([OTHER_KIND]);
    expect(errorsOf(owned({ version: "v2" }))).toEqual([NOT_IN_VERSIONS]);
    expect(errorsOf({ "crd.yaml": crd({ group: "other.com" }) })).toEqual([OTHER_NAME]);
    expect(errorsOf({ "crd.yaml": crd({ names: { kind: "Foo", plural: "fooses" } }) })).toEqual([OTHER_NAME]);
  });

  it("is not compared with what the CRD lacks", () => {
    expect(errorsOf({ "crd.yaml": crd({}, { spec: undefined }) })).toEqual(["crd spec not defined."]);
    expect(errorsOf({ "crd.yaml": crd({ names: {} }) })).toEqual([
      "crd spec.names.kind not defined.",
      "crd spec.names.plural not defined.",
    ]);
  });

  it("must have the one version of a CRD with spec.version, which is reported last", () => {
    const files = {
      "crd.yaml": ofVersion("v1"),
      "csv.yaml": csv(owning({ ...OWNED_FOO, version: "v2" }, { ...OWNED_FOO, name: "zz" })),
    };

    expect(errorsOf(files)).toEqual([
      "custom resource definition zz referenced in csv not defined in root list of crds",
      OTHER_VERSION,
    ]);
  });

  it("is in order when one of several CRDs or items of a name has the version", () => {
    expect(errorsOf({ "crd.yaml": ofVersion("v1"), "crd2.yaml": ofVersion("v2") })).toEqual([]);
    expect(
      errorsOf({
        "crd.yaml": ofVersion("v1"),
        "csv.yaml": csv(owning(OWNED_FOO, { ...OWNED_FOO, version: "v2" })),
      }),
    ).toEqual([]);
  });

  it("compares versions as Python does: 1 is 1.0 and True, but never the text", () => {
    expect(errorsOf({ "crd.yaml": ofVersion("1"), ...owned({ version: 1 }) })).toEqual([OTHER_VERSION]);
    expect(
      errorsOf({ "crd.yaml": ofVersion(true), "csv.yaml": csv(owning({ ...OWNED_FOO, version: 1 })) }),
    ).toEqual([]);
  });

  it("need not be listed", () => {
    expect(errorsOf({ "csv.yaml": csv({ customresourcedefinitions: undefined }) })).toEqual([]);
    expect(errorsOf({ "csv.yaml": csv({ customresourcedefinitions: null }) })).toEqual([]);
    expect(errorsOf({ "csv.yaml": csv({ customresourcedefinitions: {} }) })).toEqual([]);
    expect(errorsOf({ "csv.yaml": csv(owning()) })).toEqual([]);
  });

  it.each<[string, Record<string, Json>, string]>([
    [
      "owned is null",
      { "csv.yaml": csv({ customresourcedefinitions: { owned: null } }) },
      "csv.yaml: spec.customresourcedefinitions.owned must be a list, but it is null.",
    ],
    [
      "an item is a number",
      { "csv.yaml": csv(owning(5)) },
      "csv.yaml: spec.customresourcedefinitions.owned[0] must be a mapping, but it is the number 5.",
    ],
    [
      "the group of its CRD is a number",
      { "crd.yaml": crd({ group: 5 }) },
      "crd.yaml: spec.group must be a text, but it is the number 5.",
    ],
    [
      "its name is a list that a CRD with spec.version has too",
      {
        "crd.yaml": ofVersion("v1", {}),
        "crd2.yaml": crd({ version: "v1", versions: undefined }, { metadata: { name: ["a"] } }),
        "csv.yaml": csv(owning({ ...OWNED_FOO, name: ["a"] })),
      },
      "csv.yaml: spec.customresourcedefinitions.owned[0].name must be a text, but it is a list.",
    ],
  ])("is refused with file and field when %s", (_, files, message) => {
    expect(refusalOf(files)).toBe(message);
  });
});
