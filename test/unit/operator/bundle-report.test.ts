import { describe, expect, it } from "vitest";
import type { BundleJudgement } from "../../../bin/verify/bundle-judgement.ts";
import { bundleReportOf } from "../../../bin/verify/bundle-report.ts";
import { judgeBundles, packageOf, version } from "./bundle/bundle-builder.ts";

const judgement = (files: Parameters<typeof judgeBundles>[0]): BundleJudgement => ({
  ...judgeBundles(files),
  images: [],
});

describe("the report on bundles for people", () => {
  it("tells the version, channels and digest of each image", () => {
    const image = {
      package: "foo",
      version: "1.0.0",
      channels: ["alpha", "beta"],
      default_channel: "beta",
      digest: "sha256:0",
      size: 100,
      files: ["manifests/csv.yaml", "metadata/annotations.yaml"],
    };
    const images = [image, { ...image, version: "1.1.0", channels: ["alpha"], default_channel: null }];

    expect(
      bundleReportOf("foo.zip", { ...judgement(packageOf({ "1.0.0": {} })), images }),
    ).toBe(`foo.zip: valid
  pushes foo 1.0.0 with 2 files
      channels alpha, beta, by default beta
      sha256:0
  pushes foo 1.1.0 with 2 files
      channels alpha
      sha256:0
`);
  });

  it("names the file of each finding, and what to do", () => {
    const files = {
      ...packageOf({ "1.0.0": {} }),
      "1.0.0/csv.yaml": version("1.0.0", { installModes: undefined }),
    };

    expect(bundleReportOf("foo.zip", judgement(files))).toBe(`foo.zip: NOT VALID

  Errors (1)
  - 1.0.0/csv.yaml, spec
      csv spec.installModes not defined
      Add spec.installModes: a list of {type, supported}.
`);
  });

  it("tells what stopped the rules", () => {
    expect(bundleReportOf("foo.zip", judgement(packageOf({ "1.0.0": {} }, { packageName: 1 })))).toMatch(
      /^foo\.zip: NOT VALID\n {2}foo\.package\.yaml: Expected the package's name to be a text/,
    );
  });
});
