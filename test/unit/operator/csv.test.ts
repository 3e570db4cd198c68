import { describe, expect, it } from "vitest";
import {
  ANNOTATIONS,
  csv,
  errorsOf,
  flatPackage,
  installSpec,
  type Json,
  type JsonObject,
  judge,
  refusalOf,
} from "./package-builder.ts";

const errorsFor = (object: Json) => errorsOf({ "csv.yaml": object });
const warningsFor = (object: Json) => judge(flatPackage({ "csv.yaml": object })).warnings;
const annotated = (annotations: JsonObject) => csv({}, { annotations: { ...ANNOTATIONS, ...annotations } });

const NO_NAME = "channel.currentCSV foo.v1 is not included in list of csvs";

describe("a ClusterServiceVersion", () => {
  it("is valid without warnings when it has everything", () => {
    expect(judge(flatPackage())).toMatchObject({
      nested: false,
      valid: true,
      error: null,
      errors: [],
      warnings: [],
      findings: [],
    });
  });

  it.each<[string, Json, string[]]>([
    ["metadata", csv({}, {}, { metadata: undefined }), ["csv metadata not defined.", NO_NAME]],
    ["metadata.name", csv({}, { name: undefined }), ["csv metadata.name not defined.", NO_NAME]],
    ["apiVersion", csv({}, {}, { apiVersion: undefined }), ["csv apiVersion not defined."]],
    ["spec", csv({}, {}, { spec: undefined }), ["csv spec not defined."]],
    ["spec.installModes", csv({ installModes: undefined }), ["csv spec.installModes not defined"]],
    ["spec.install", csv({ install: undefined }), ["csv spec.install not defined"]],
    [
      "spec.install.strategy",
      csv({ install: { spec: { deployments: [] } } }),
      ["csv spec.install.strategy not defined"],
    ],
    [
      "spec.install.spec",
      csv({ install: { strategy: "deployment" } }),
      ["csv spec.install.spec not defined"],
    ],
    [
      "spec.install.spec.deployments",
      csv(installSpec({ deployments: undefined })),
      ["csv spec.install.spec.deployments not defined"],
    ],
  ])("without %s is reported", (_, object, errors) => {
    expect(errorsFor(object)).toEqual(errors);
  });

  it("may use no other strategy than deployment", () => {
    const install = { strategy: "Deployment", spec: { deployments: [] } };

    expect(errorsFor(csv({ install }))).toEqual(["csv spec.install.strategy must be one of ['deployment']"]);
  });

  it.each(["deployments", "permissions", "clusterPermissions"])("needs a list as %s", (name) => {
    const message = `csv spec.install.spec.${name} should be a list`;

    expect(errorsFor(csv(installSpec({ [name]: {} })))).toEqual([message]);
    expect(errorsFor(csv(installSpec({ [name]: null })))).toEqual([message]);
    expect(errorsFor(csv(installSpec({ [name]: [] })))).toEqual([]);
  });

  it.each(["categories", "description", "containerImage", "createdAt", "support"])(
    "without the annotation %s gets a warning",
    (name) => {
      expect(warningsFor(annotated({ [name]: undefined }))).toEqual([
        `csv metadata.annotations.${name} not defined`,
      ]);
    },
  );

  it.each(["displayName", "description", "icon", "version", "provider", "maturity"])(
    "without spec.%s gets a warning",
    (name) => {
      expect(warningsFor(csv({ [name]: undefined }))).toEqual([`csv spec.${name} not defined`]);
    },
  );

  it("without annotations gets one warning, and without certified one with a full stop", () => {
    expect(warningsFor(csv({}, { annotations: undefined }))).toEqual([
      "csv metadata.annotations not defined.",
    ]);
    expect(warningsFor(annotated({ certified: undefined }))).toEqual([
      "csv metadata.annotations.certified not defined.",
    ]);
  });

  it.each<Json>([true, null, 1, []])("needs a text as certified, not %j", (certified) => {
    expect(errorsFor(annotated({ certified }))).toEqual([
      "metadata.annotations.certified is not of typestring",
    ]);
  });

  it("needs JSON as alm-examples", () => {
    const message = "metadata.annotations.alm-examples contains invalid json string";

    expect(errorsFor(annotated({ "alm-examples": "[{}" }))).toEqual([message]);
    expect(errorsFor(annotated({ "alm-examples": [] }))).toEqual([message]);
    expect(errorsFor(annotated({ "alm-examples": undefined }))).toEqual([]);
  });

  it("finds a key in a text where the original does", () => {
    expect(errorsFor(csv({ install: "nothing" }))).toEqual([
      "csv spec.install.strategy not defined",
      "csv spec.install.spec not defined",
    ]);
  });

  it.each<[string, Json, string]>([
    [
      "spec is a number",
      csv({}, {}, { spec: 5 }),
      "csv.yaml: spec must be a mapping, but it is the number 5.",
    ],
    [
      "spec.install is a boolean",
      csv({ install: true }),
      "csv.yaml: spec.install must be a mapping, but it is the boolean true.",
    ],
    [
      "spec.install is a text that names the keys",
      csv({ install: "strategy spec" }),
      'csv.yaml: spec.install must be a mapping, but it is the text "strategy spec".',
    ],
    [
      "spec.install.spec is a list",
      csv({ install: { strategy: "deployment", spec: [] } }),
      "csv.yaml: spec.install.spec must be a mapping, but it is an empty list.",
    ],
    [
      "metadata is a list",
      csv({}, {}, { metadata: [] }),
      "csv.yaml: metadata must be a mapping, but it is an empty list.",
    ],
    [
      "annotations are a list, which has no place in a bundle",
      csv({}, { annotations: [] }),
      "csv.yaml: metadata.annotations must be a mapping, but it is an empty list.",
    ],
  ])("is refused with file and field when %s", (_, object, message) => {
    expect(refusalOf({ "csv.yaml": object })).toBe(message);
  });
});
