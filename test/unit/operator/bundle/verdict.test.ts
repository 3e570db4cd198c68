import { describe, expect, it } from "vitest";
import { requireBundles } from "../../../../lib/operator/index.ts";
import { judgeBundles, packageOf } from "./bundle-builder.ts";

describe("requireBundles", () => {
  it("gives the bundles of a valid archive", () => {
    const verdict = judgeBundles(packageOf({ "1.0.0": {} }));

    expect(requireBundles(verdict)).toBe(verdict.bundles);
  });

  it("refuses another with all that was found", () => {
    const verdict = judgeBundles(packageOf({ "1.0.0": { installModes: undefined, icon: undefined } }));
    const errors = ["1.0.0/csv.yaml: csv spec.installModes not defined"];

    expect(() => requireBundles(verdict)).toThrow(
      expect.objectContaining({
        message: `Failed to push manifest: The archive does not make a valid operator bundle: ${errors[0]}`,
        details: {
          validation_info: { errors, warnings: ["1.0.0/csv.yaml: csv spec.icon not defined"] },
        },
      }),
    );
  });
});
