import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { reportOf } from "../../../bin/verify/report.ts";
import { hintFor } from "../../../lib/operator/hints.ts";
import { buildRelease, Manifests, verify } from "../../../lib/operator/index.ts";
import { type Contents, csv, filesOf, flatPackage, nestedPackage } from "./package-builder.ts";

function report(contents: Contents): string {
  const manifests = new Manifests(filesOf(contents));
  const verdict = verify(manifests, "foo");
  return reportOf(
    "foo.zip",
    verdict.valid ? { verdict, release: buildRelease(manifests, verdict) } : { verdict },
  );
}

describe("the report for people", () => {
  it("says what would be pushed", () => {
    expect(report(flatPackage())).toBe("foo.zip: valid, flat\n  pushes bundle.yaml\n");
    expect(report(nestedPackage())).toContain("valid, one directory for each version\n  pushes 5 files\n");
  });

  it("names file and field of each finding, the rule, and what to do", () => {
    const text = report(
      flatPackage({ "csv.yaml": csv({ installModes: undefined }, { annotations: { certified: false } }) }),
    );

    expect(text).toContain(`
  - csv.yaml, spec
      csv spec.installModes not defined
      Add spec.installModes: a list of {type, supported}.
`);
    expect(text).toContain(
      "  - csv.yaml, metadata.annotations.certified\n      metadata.annotations.certified is not of typestring\n",
    );
    expect(text).toMatch(/Errors \(2\).*Warnings \(5\)/s);
  });

  it("says where a file cannot be read", () => {
    expect(report({ "a.yaml": "b: [" })).toMatch(/^foo\.zip: NOT VALID\n {2}a\.yaml: line 1, column \d+: /);
  });
});

it("has a hint for every text of every rule", () => {
  const folder = "lib/operator/rules";
  const source = readdirSync(folder)
    .map((file) => readFileSync(`${folder}/${file}`, "utf8"))
    .join("\n");
  const calls = [...source.matchAll(/findings\.(?:error|warn)\(\s*[^;]*?,\s*(["`])((?:(?!\1).|\\`)+)\1/g)];
  const texts = calls.map((call) =>
    (call[2] ?? "")
      .replaceAll("\\`", "`")
      .replaceAll(/\$\{(key|name)\}/g, "version")
      .replaceAll(/\$\{[^}]+\}/g, "x"),
  );

  expect(texts.length).toBeGreaterThan(30);
  expect(texts.filter((text) => hintFor(text) === undefined)).toEqual([]);
});
