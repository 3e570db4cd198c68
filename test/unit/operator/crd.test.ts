import { describe, expect, it } from "vitest";
import { crd, csv, errorsOf, type Json, owning, refusalOf } from "./package-builder.ts";

const UNOWNED = csv(owning());
const errorsFor = (object: Json) => errorsOf({ "crd.yaml": object, "csv.yaml": UNOWNED });

const INVALID_VERSION = "crd spec.versions contains an invalid CustomResourceDefinitionVersion.";
const STORAGE = "crd spec.version should contain exactly one version flagged as storage version.";
const FIRST_VERSION =
  "crd spec.version and spec.versions are defined but spec.versions[0].name doesn't match spec.version.";

describe("a CustomResourceDefinition", () => {
  it("is valid with versions, or with one version", () => {
    expect(errorsFor(crd())).toEqual([]);
    expect(errorsFor(crd({ versions: undefined, version: "v1" }))).toEqual([]);
    expect(errorsFor(crd({ version: "v1" }))).toEqual([]);
  });

  it.each<[string, Json, string[]]>([
    ["no metadata", crd({}, { metadata: undefined }), ["crd metadata not defined."]],
    ["no metadata.name", crd({}, { metadata: {} }), ["crd metadata.name not defined."]],
    ["no apiVersion", crd({}, { apiVersion: undefined }), ["crd apiVersion not defined."]],
    ["no spec", crd({}, { spec: undefined }), ["crd spec not defined."]],
    ["no spec.names", crd({ names: undefined }), ["crd spec.names not defined."]],
    ["no spec.names.kind", crd({ names: { plural: "foos" } }), ["crd spec.names.kind not defined."]],
    ["no spec.names.plural", crd({ names: { kind: "Foo" } }), ["crd spec.names.plural not defined."]],
    ["no spec.group", crd({ group: undefined }), ["crd spec.group not defined."]],
    [
      "neither version nor versions",
      crd({ versions: undefined }),
      ["crd spec.version or spec.versions not defined."],
    ],
    ["no versions at all", crd({ versions: [] }), ["crd spec.versions is empty."]],
    ["a version without served", crd({ versions: [{ name: "v1", storage: true }] }), [INVALID_VERSION]],
    ["a version without name", crd({ versions: [{ served: true, storage: true }] }), [INVALID_VERSION]],
    [
      "a version without storage",
      crd({ versions: [{ name: "v1", served: true }] }),
      [INVALID_VERSION, STORAGE],
    ],
    ["no stored version", crd({ versions: [{ name: "v1", served: true, storage: false }] }), [STORAGE]],
    ["a version stored by 1", crd({ versions: [{ name: "v1", served: true, storage: 1 }] }), [STORAGE]],
    [
      "two stored versions",
      crd({
        versions: [
          { name: "v1", served: true, storage: true },
          { name: "v2", served: true, storage: true },
        ],
      }),
      [STORAGE],
    ],
    ["a list of maps as version", crd({ version: [{ name: "v1" }] }), [FIRST_VERSION]],
    [
      "a spec that is a text",
      crd({}, { spec: "group" }),
      ["crd spec.names not defined.", "crd spec.version or spec.versions not defined."],
    ],
  ])("with %s is reported", (_, object, errors) => {
    expect(errorsFor(object)).toEqual(errors);
  });

  it.each<[string, Json, string]>([
    ["spec is null", crd({}, { spec: null }), "crd.yaml: spec must be a mapping, but it is null."],
    [
      "versions is a number",
      crd({ versions: 5 }),
      "crd.yaml: spec.versions must be a list, but it is the number 5.",
    ],
    [
      "a version is a number",
      crd({ versions: [7] }),
      "crd.yaml: spec.versions[0] must be a mapping, but it is the number 7.",
    ],
    [
      "version is empty",
      crd({ version: "" }),
      'crd.yaml: spec.version must be a text that is not empty, but it is the text "".',
    ],
    [
      "version is a number",
      crd({ version: 1 }),
      "crd.yaml: spec.version must be a text, but it is the number 1.",
    ],
    [
      "metadata is a date",
      "kind: CustomResourceDefinition\nmetadata: 2019-01-02\n",
      "crd.yaml: metadata must be a mapping, but it is the date 2019-01-02.",
    ],
  ])("is refused with file and field when %s", (_, object, message) => {
    expect(refusalOf({ "crd.yaml": object, "csv.yaml": UNOWNED })).toBe(message);
  });

  it("is refused when spec.versions has more items than any rule looks at", () => {
    const versions = `{"kind": "CustomResourceDefinition", "spec": {"versions": "${"v".repeat(100_001)}"}}`;

    expect(refusalOf({ "crd.yaml": versions })).toContain("a list of at most 100000 items");
  });
});
