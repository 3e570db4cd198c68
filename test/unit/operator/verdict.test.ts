import { describe, expect, it } from "vitest";
import { PackageValidationError } from "../../../lib/errors/index.ts";
import { Manifests, requireValid, type Verdict, verify } from "../../../lib/operator/index.ts";
import {
  csv,
  filesOf,
  flatPackage,
  judge,
  nestedPackage,
  OWNED_FOO,
  owning,
  packageFile,
} from "./package-builder.ts";

function refused(verdict: Verdict): PackageValidationError {
  try {
    requireValid(verdict);
  } catch (error) {
    if (error instanceof PackageValidationError) return error;
    throw error;
  }
  throw new Error("expected a refusal");
}

describe("requireValid", () => {
  it("lets a valid package pass, with warnings or without", () => {
    expect(() => requireValid(judge(flatPackage({ "csv.yaml": csv({ icon: undefined }) })))).not.toThrow();
  });

  it("gives the findings of the rules", () => {
    const error = refused(
      judge(flatPackage({ "csv.yaml": csv({ installModes: undefined, icon: undefined }) })),
    );

    expect(error.message).toBe(
      "Failed to push manifest: Resulting bundle is invalid, input yaml is improperly defined.",
    );
    expect(error.details).toEqual({
      validation_info: {
        errors: ["csv spec.installModes not defined"],
        warnings: ["csv spec.icon not defined"],
      },
    });
  });

  it("gives no findings where the rules were not reached", () => {
    const error = refused(judge({ "csv.yaml": csv() }));

    expect(error.message).toBe("Failed to push manifest: Bundle does not contain any packages.");
    expect(error.details).toEqual({ validation_info: {} });
  });

  it("tells which file cannot be read, where and why", () => {
    const error = refused(judge(nestedPackage({ "2.0.0/csv.yaml": "a: 1\n\tb: 2\n" })));

    expect(error.message).toBe(
      "Failed to push manifest: Courier requires valid input YAML files (2.0.0/csv.yaml: line 2, column 1: " +
        'found "\\t" where no value or key can start, use blanks instead of tabs)',
    );
    expect(error.details).toEqual({ validation_info: {} });
  });

  it("adds the field that ends the check to the findings so far", () => {
    const files = flatPackage({
      "csv.yaml": csv({ icon: undefined }),
      "package.yaml": packageFile({ channels: 1 }),
    });

    expect(refused(judge(files)).details).toEqual({
      validation_info: {
        errors: ["package.yaml: channels must be a list, but it is the number 1."],
        warnings: ["csv spec.icon not defined"],
      },
    });
  });
});

describe("verify", () => {
  it("takes any text for a repository", () => {
    expect(verify(new Manifests(filesOf(flatPackage())), "with space/é").valid).toBe(false);
  });

  it("ends with a clear refusal where findings would fill the memory", () => {
    const names = Array.from({ length: 20_000 }, () => ({ ...OWNED_FOO, name: "x".repeat(60) }));
    const { error, errors } = judge(flatPackage({ "csv.yaml": csv(owning(...names)) }));

    expect(error?.message).toBe("The package has more findings than can be shown. Correct those first.");
    expect(errors.join("").length).toBeLessThan(1_100_000);
  });

  it("ends with a clear refusal where names would have to be compared for minutes", () => {
    const version = { name: "v", served: true, storage: false };
    const versions = [
      ...Array.from({ length: 999 }, () => version),
      { name: "v1", served: true, storage: true },
    ];
    const crdText = JSON.stringify({
      apiVersion: "v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "foos.example.com" },
      spec: { group: "example.com", names: { kind: "Foo", plural: "foos" }, versions },
    });
    const owned = Array.from({ length: 1001 }, () => OWNED_FOO);

    const { error } = judge(flatPackage({ "crd.yaml": crdText, "csv.yaml": csv(owning(...owned)) }));

    expect(error?.message).toBe("The package repeats too many names to compare them all. Split it up.");
  });

  it("ends with a clear refusal where a value prints to megabytes", () => {
    const bomb = Array.from({ length: 13 }, (_, i) => `- &a${i + 1} [*a${i}, *a${i}]`).join("\n");
    const text = `channels: [{name: a, currentCSV: foo.v1}]\nx:\n- &a0 [${"l".repeat(200)}]\n${bomb}\npackageName: [*a13]\n`;
    const files = flatPackage({ "package.yaml": text });

    expect(judge(files).error?.message).toBe(
      "package.yaml: packageName must be of reasonable size, but it is a list.",
    );
  });

  it("ends with a clear refusal where indentation would make a bundle of gigabytes", () => {
    const deep = `${"[".repeat(300)}${"a,".repeat(200_000)}${"]".repeat(300)}`;
    const { valid, error } = judge(
      flatPackage({ "csv.yaml": JSON.stringify(csv()).replace('"icon":[]', `"icon":${deep}`) }),
    );

    expect(valid).toBe(false);
    expect(error?.message).toMatch(/^The bundle.yaml of this package gets too large: /);
  });
});
