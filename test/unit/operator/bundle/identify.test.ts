import { describe, expect, it } from "vitest";
import { PackageValidationError } from "../../../../lib/errors/index.ts";
import { identifyOperator, Manifests } from "../../../../lib/operator/index.ts";
import { type Contents, crd, csv, filesOf, flatPackage, nestedPackage } from "../package-builder.ts";
import { ANNOTATIONS, annotationsFile, bundleFiles, version } from "./bundle-builder.ts";

const identify = (contents: Contents) => identifyOperator(new Manifests(filesOf(contents)));

describe("identifyOperator", () => {
  it("takes an archive with a package file for a package, whatever lies beside it", () => {
    const expected = { layout: "package", path: "package.yaml", packageName: "foo" };

    expect(identify(flatPackage())).toEqual(expected);
    expect(identify(nestedPackage(bundleFiles()))).toEqual(expected);
  });

  it("takes the name of a bundle from its annotations", () => {
    expect(identify(bundleFiles())).toMatchObject({
      layout: "bundle",
      manifests: "manifests/",
      metadata: "metadata/",
      packageName: "foo",
      path: "metadata/annotations.yaml",
    });
  });

  it("finds a bundle below one directory, beside hidden ones", () => {
    const below = Object.entries(bundleFiles()).map(([path, content]) => [`top/${path}`, content]);

    expect(identify({ ...Object.fromEntries(below), ".git/x": "", Dockerfile: "" })).toMatchObject({
      manifests: "top/manifests/",
      path: "top/metadata/annotations.yaml",
    });
  });

  it.each([
    ["no annotations", { "metadata/annotations.yaml": "" }],
    [
      "no such annotation",
      { "metadata/annotations.yaml": annotationsFile({ [ANNOTATIONS.package]: undefined }) },
    ],
    ["an empty one", { "metadata/annotations.yaml": annotationsFile({ [ANNOTATIONS.package]: " " }) }],
  ])("takes the name from the ClusterServiceVersion where there is %s", (_, contents) => {
    expect(identify(bundleFiles(contents))).toMatchObject({ packageName: "foo", path: undefined });
  });

  it.each([
    ["foo.v1.0.0", "foo"],
    ["foo.v1", "foo"],
    ["foo.bar.v1.0.0-rc.1", "foo.bar"],
    ["prometheusoperator.0.22.2", "prometheusoperator"],
    ["foo.1.0.0-rc.1", "foo"],
    ["foo-v1.0.0", "foo"],
    ["foo-bar-v1.0.0+build", "foo-bar"],
  ])("takes the name of a package from the ClusterServiceVersion %s", (name, packageName) => {
    expect(identify({ "csv.yaml": csv({}, { name }) })).toMatchObject({ packageName, path: undefined });
  });

  it.each([
    "foo.1",
    "foo.1.0",
    "foo.01.0.0",
    "foo-v1",
    "foo-v1.0.0.0",
    "foo-1.0.0",
    ".1.0.0",
    "foo bar.1.0.0",
    "foo",
  ])("takes no name from the ClusterServiceVersion %s", (name) => {
    expect(() => identify({ "csv.yaml": csv({}, { name }) })).toThrow(
      "Could not find the name of the package",
    );
  });

  it("takes manifests in the root for a bundle", () => {
    expect(identify({ "crd.yaml": crd(), "csv.json": version("1.0.0") })).toMatchObject({
      layout: "bundle",
      manifests: "",
      metadata: undefined,
      packageName: "foo",
    });
  });

  it.each([
    ["has nothing of an operator", { "a.yaml": crd() }, "Could not find an operator in the archive"],
    [
      "has two directories with bundles",
      { "a/manifests/csv.yaml": csv(), "b/manifests/csv.yaml": csv() },
      "Could not find an operator",
    ],
    [
      "names its version without a package",
      { "csv.yaml": csv({}, { name: "foo-1.0.0" }) },
      "Could not find the name of the package",
    ],
    ["cannot be read", { "csv.yaml": "a: [" }, "Failed to process yaml file csv.yaml: line"],
    [
      "cannot be read in manifests/",
      { "manifests/csv.yaml": "a: [" },
      "Failed to process yaml file manifests/csv.yaml: line",
    ],
    [
      "has annotations that cannot be read",
      bundleFiles({ "metadata/annotations.yaml": "a: [" }),
      "metadata/annotations.yaml: line",
    ],
  ])("refuses an archive that %s", (_, contents, problem) => {
    expect(() => identify(contents)).toThrow(PackageValidationError);
    expect(() => identify(contents)).toThrow(problem);
  });
});
