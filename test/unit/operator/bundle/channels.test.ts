import { describe, expect, it } from "vitest";
import type { JsonObject } from "../package-builder.ts";
import {
  ANNOTATIONS,
  bundlesIn,
  channelsOf,
  judgeBundles,
  packageOf,
  twoChannels,
} from "./bundle-builder.ts";

describe("the default channel of a package", () => {
  const defaultOf = (pkg: JsonObject, settings = {}) =>
    bundlesIn(twoChannels(pkg), settings).map(({ defaultChannel }) => defaultChannel);

  it("is the one in the package file, in bundles of other channels too", () => {
    expect(defaultOf({})).toEqual(["stable", "stable"]);
  });

  it("is the only channel where none is given", () => {
    for (const none of [undefined, null, ""]) {
      expect(bundlesIn(packageOf({ "1.0.0": {} }, { defaultChannel: none }))[0]?.defaultChannel).toBe(
        "alpha",
      );
    }
  });

  it("is none where several channels have none, with a warning", () => {
    const { bundles, warnings } = judgeBundles(twoChannels({ defaultChannel: undefined }));

    expect(bundles.map(({ defaultChannel }) => defaultChannel)).toEqual([undefined, undefined]);
    expect(bundles[0]?.labels).not.toHaveProperty(ANNOTATIONS.defaultChannel);
    expect(warnings[0]).toContain("foo.package.yaml: There are several channels, but no defaultChannel");
  });

  it("is the configured one before that", () => {
    expect(defaultOf({}, { defaultChannel: "alpha" })).toEqual(["alpha", "alpha"]);
  });

  it("must be one of the channels", () => {
    expect(judgeBundles(twoChannels({ defaultChannel: "beta" })).errors).toEqual([
      'foo.package.yaml: Expected the default channel to be one of the channels (alpha, stable), but it is the text "beta". Correct it.',
    ]);
    expect(judgeBundles(twoChannels(), { defaultChannel: "beta" }).errors[0]).toContain(
      "Correct it in the configuration of the organization.",
    );
  });
});

describe("configured channels", () => {
  it("take the place of the package's, for each bundle, and those then decide on the default", () => {
    const bundles = bundlesIn(twoChannels(), { versions: "all", channels: ["stage"] });

    expect(bundles.map(({ version }) => version)).toEqual(["1.0.0", "1.1.0", "2.0.0"]);
    for (const { channels, defaultChannel } of bundles)
      expect([channels, defaultChannel]).toEqual([["stage"], "stage"]);
    expect(bundlesIn(twoChannels(), { channels: ["stage", "stable"] })[0]?.defaultChannel).toBe("stable");
  });

  it("let versions out too that no channel leads to", () => {
    expect(channelsOf(packageOf({ "1.0.0": {}, "2.0.0": {} }), { versions: "all", channels: ["x"] })).toEqual(
      [
        ["1.0.0", "x"],
        ["2.0.0", "x"],
      ],
    );
  });
});
