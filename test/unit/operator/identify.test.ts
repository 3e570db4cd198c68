import { describe, expect, it } from "vitest";
import { PackageValidationError } from "../../../lib/errors/index.ts";
import { identifyPackage, Manifests, repositoryOfPackage } from "../../../lib/operator/index.ts";
import { type Contents, csv, filesOf, packageFile } from "./package-builder.ts";

const identify = (contents: Contents) => identifyPackage(new Manifests(filesOf(contents)));

function refusal(step: () => unknown): PackageValidationError {
  try {
    step();
  } catch (error) {
    if (error instanceof PackageValidationError) return error;
    throw error;
  }
  throw new Error("expected a refusal");
}

describe("identifyPackage", () => {
  it("finds the first file of the root that has a packageName", () => {
    const contents = {
      "a.yaml": csv(),
      "b.yaml": "- packageName",
      "c.yml": packageFile({ packageName: "c" }),
      "d.yaml": packageFile({ packageName: "d" }),
      "a/b.yaml": packageFile({ packageName: "deep" }),
    };

    expect(identify(contents)).toEqual({ path: "c.yml", packageName: "c" });
  });

  it("gives whatever value the name has", () => {
    expect(identify({ "a.yaml": "packageName:" })).toEqual({ path: "a.yaml", packageName: null });
    expect(identify({ "a.yaml": "packageName: 012" })).toEqual({ path: "a.yaml", packageName: 10n });
  });

  it("does not look at the files behind it", () => {
    expect(identify({ "a.yaml": packageFile(), "b.yaml": "a: [" }).path).toBe("a.yaml");
  });

  it("refuses a file before it that cannot be read", () => {
    const error = refusal(() => identify({ "a.yaml": "x: 1\n\ty: 2", "b.yaml": packageFile() }));

    expect(error.message).toBe(
      'Failed to process yaml file a.yaml: line 2, column 1: found "\\t" where no value or key can start, ' +
        "use blanks instead of tabs. Correct the file and push again.",
    );
    expect(error.details).toEqual({ validation_info: {} });
  });

  it("refuses a package without it", () => {
    const error = refusal(() => identify({ "a.yaml": csv(), "1.0/package.yaml": packageFile() }));

    expect(error.message).toBe("Could not find packageName in manifests.");
    expect(error.details).toEqual({ validation_info: {} });
  });
});

describe("repositoryOfPackage", () => {
  it.each(["a", "0", "etcd-operator", "a.b_c-d", "a".repeat(255)])("is %s", (name) => {
    expect(repositoryOfPackage(name)).toBe(name);
  });

  it.each(["", "Etcd", ".", "..", "-a", "a/b", "a b", "é", "a\n", "_a"])("refuses %j", (name) => {
    const error = refusal(() => repositoryOfPackage(name));

    expect(error.message).toContain(`it is the text ${JSON.stringify(name)}. Rename the package.`);
    expect(error.details).toEqual({ validation_info: {} });
  });

  it("refuses one character more than Quay allows", () => {
    expect(refusal(() => repositoryOfPackage("a".repeat(256))).message).toContain(
      "at most 255 characters, because it names the repository, but it has 256",
    );
  });

  it("refuses what is no text", () => {
    expect(refusal(() => repositoryOfPackage(10n)).message).toBe(
      "Expected packageName to be a text, but it is the number 10. Put it in quotes in the package file.",
    );
  });
});
