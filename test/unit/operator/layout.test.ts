import { describe, expect, it } from "vitest";
import { crd, csv, flatPackage, judge, nestedPackage, packageFile } from "./package-builder.ts";

const BROKEN = "a: [";
const NO_PACKAGE = "Bundle does not contain any packages.";
const SECOND_PACKAGE = "Only 1 package is expected to exist in source root folder.";
const NO_CSV =
  "The source directory structure is not in valid flat or nested format,because no valid CSV file is found in root or manifest directories.";

describe("the layout of a package", () => {
  it("is flat with a ClusterServiceVersion in the root, nested with one in a directory", () => {
    expect(judge(flatPackage()).nested).toBe(false);
    expect(judge(nestedPackage()).nested).toBe(true);
  });

  it("is nested through any directory, and the root's objects then do not count", () => {
    const verdict = judge(
      flatPackage({ "csv.yaml": { kind: "ClusterServiceVersion" }, ".old/csv.yaml": csv() }),
    );

    expect(verdict.nested).toBe(true);
    expect(verdict.errors).toEqual([
      "custom resource definition foos.example.com referenced in csv not defined in root list of crds",
    ]);
  });

  it("is not judged without a package file, whatever the directories hold", () => {
    const verdict = judge({
      "csv.yaml": csv(),
      "1.0.0/package.yaml": packageFile(),
      "2.0.0/broken.yaml": BROKEN,
    });

    expect(verdict).toEqual({
      nested: null,
      valid: false,
      error: { class: "OpCourierBadBundle", message: NO_PACKAGE },
      errors: [],
      warnings: [],
      findings: [],
    });
  });

  it("has one package file in the root, and any number in directories", () => {
    expect(judge(flatPackage({ "second.yaml": packageFile() })).error?.message).toBe(SECOND_PACKAGE);
    expect(judge(nestedPackage({ "1.0.0/package.yaml": packageFile() })).valid).toBe(true);
  });

  it("has a ClusterServiceVersion somewhere", () => {
    expect(judge({ "package.yaml": packageFile(), "a/b/csv.yaml": csv() }).error?.message).toBe(NO_CSV);
  });

  it("goes by what a file holds: packageName first, then kind", () => {
    expect(judge(flatPackage({ "csv.yaml": { ...csv(), packageName: "foo" } })).error?.message).toBe(
      SECOND_PACKAGE,
    );
    expect(judge(flatPackage({ "more.yaml": "- just\n- a list", "empty.yml": "" })).valid).toBe(true);
  });

  it("cannot be told from a kind that is a list", () => {
    expect(judge(flatPackage({ "other.yaml": { kind: ["a"] } })).error).toEqual({
      class: "OpCourierBadBundle",
      message: "other.yaml: kind must be a text, but it is a list.",
    });
    expect(judge(flatPackage({ "other.yaml": "kind: !!set {a}\n" })).valid).toBe(true);
  });
});

describe("the files that count", () => {
  it.each([".hidden.yaml", "a..yaml", "_x.yml", "docs/broken.yaml", "1.0.0/z.yaml"])("include %s", (path) => {
    const verdict = judge(nestedPackage({ [path]: BROKEN }));

    expect(verdict.error?.class).toBe("OpCourierBadYaml");
    expect(verdict.error?.message).toBe("Courier requires valid input YAML files");
    expect(verdict.error?.reason).toContain(`${path}: line 1`);
  });

  it.each([".yaml", "..yaml", "x.YAML", "x.json", "x.yaml.bak", "yaml", "docs/deeper/broken.yaml"])(
    "do not include %s",
    (path) => {
      expect(judge(nestedPackage({ [path]: BROKEN })).valid).toBe(true);
    },
  );

  it("are read in the order of the bytes of their names", () => {
    expect(judge({ "a.yaml": packageFile(), "b.yaml": packageFile(), "c.yaml": BROKEN }).error?.class).toBe(
      "OpCourierBadBundle",
    );
    expect(judge({ "a.yaml": packageFile(), "B.yaml": BROKEN, "b.yaml": packageFile() }).error?.class).toBe(
      "OpCourierBadYaml",
    );
  });

  it("are judged version by version, each with its own CRDs", () => {
    const missing =
      "custom resource definition foos.example.com referenced in csv not defined in root list of crds";
    const files = nestedPackage({ "1.0.0/crd.yaml": "", "2.0.0/crd.yaml": crd({ group: undefined }) });

    expect(judge(files).errors).toEqual([missing, "crd spec.group not defined."]);
  });
});
