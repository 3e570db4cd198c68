import { describe, expect, it } from "vitest";
import { compileReplacement } from "../../../../lib/config/replacement.ts";
import { PackageValidationError } from "../../../../lib/errors/index.ts";
import {
  addNameSuffix,
  annotateCsvs,
  BUNDLE_FILES,
  bundlesOf,
  identifyOperator,
  Manifests,
  replaceRegistry,
} from "../../../../lib/operator/index.ts";
import { fixed } from "../edit/edited.ts";
import { type Contents, filesOf } from "../package-builder.ts";
import { ANNOTATIONS, annotationsFile, bundleFiles, textIn, version } from "./bundle-builder.ts";

/** What becomes of an archive of an organization that wants a suffix, another registry and an annotation. */
function rewritten(contents: Contents) {
  const given = new Manifests(filesOf(contents));
  const operator = identifyOperator(given);
  const named = addNameSuffix(given, operator, "-opt");
  const rules = [compileReplacement({ old: "example.com/foo", new: "quay.io/foo", regexp: false })];
  const replaced = replaceRegistry(named.manifests, rules, BUNDLE_FILES);
  const manifests = annotateCsvs(replaced, fixed({ from: "Büro" }), named.packageName, BUNDLE_FILES);
  const verdict = bundlesOf(
    manifests,
    { ...operator, packageName: named.packageName },
    { versions: "current" },
  );
  const [bundle] = verdict.bundles;
  if (!bundle) throw new Error(`expected a bundle: ${verdict.errors.join("; ")}`);
  return bundle;
}

describe("an organization's changes of a bundle", () => {
  it("put the suffix into the annotation of the package and the label, and nothing else there", () => {
    const text = `# a\n${annotationsFile({ extra: "x" })}`;
    const bundle = rewritten(bundleFiles({ "metadata/annotations.yaml": text }));

    expect(bundle.packageName).toBe("foo-opt");
    expect(bundle.labels[ANNOTATIONS.package]).toBe("foo-opt");
    expect(textIn(bundle, "metadata/annotations.yaml")).toBe(text.replace('"foo"', '"foo-opt"'));
  });

  it("put it in where the name comes from the ClusterServiceVersion", () => {
    const bundle = rewritten(
      bundleFiles({ "metadata/annotations.yaml": annotationsFile({ [ANNOTATIONS.package]: undefined }) }),
    );

    expect(bundle.packageName).toBe("foo-opt");
    expect(textIn(bundle, "metadata/annotations.yaml")).toContain(`${ANNOTATIONS.package}: foo-opt\n`);
  });

  it("annotate the ClusterServiceVersion and replace registries in it", () => {
    const yaml = `# head\n${JSON.stringify(version("1.0.0"))}`;
    const bundle = rewritten(bundleFiles({ "manifests/csv.yaml": yaml }));

    expect(textIn(bundle, "manifests/csv.yaml")).toBe(
      yaml
        .replace('"annotations":{', '"annotations":{"from": "B\\xFCro", ')
        .replace("example.com/foo:1", "quay.io/foo:1"),
    );
  });

  it("leave JSON what it is", () => {
    const { "manifests/csv.yaml": _, ...others } = bundleFiles();
    const json = JSON.stringify(version("1.0.0"), null, "\t");
    const bundle = rewritten({ ...others, "manifests/csv.json": json });

    expect(JSON.parse(textIn(bundle, "manifests/csv.json") ?? "")).toMatchObject({
      metadata: { annotations: { from: "Büro", containerImage: "quay.io/foo:1" } },
    });
  });

  it.each([
    [
      "comes from a merge",
      `x: &x {annotations: {${ANNOTATIONS.package}: foo}}\n<<: *x\n`,
      "comes from an alias or a merge",
    ],
    [
      "is an alias",
      `x: &x {${ANNOTATIONS.package}: foo}\nannotations: *x\n`,
      "comes from an alias or a merge",
    ],
    [
      "is used elsewhere",
      `annotations: &x {${ANNOTATIONS.package}: foo}\ny: *x\n`,
      "&x is used elsewhere as *x",
    ],
  ])("are refused where the mapping with the name %s", (_, text, problem) => {
    expect(() => rewritten(bundleFiles({ "metadata/annotations.yaml": text }))).toThrow(
      PackageValidationError,
    );
    expect(() => rewritten(bundleFiles({ "metadata/annotations.yaml": text }))).toThrow(problem);
  });
});
