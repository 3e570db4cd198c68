import { describe, expect, it } from "vitest";
import { type Contents, crd, owning } from "../package-builder.ts";
import {
  ANNOTATIONS,
  bundlesIn,
  COMPLETE,
  channelsOf,
  judgeBundles,
  packageOf,
  THREE,
  textIn,
  twoChannels,
  version,
} from "./bundle-builder.ts";

describe("the bundles of a package", () => {
  it("are those of the versions at the heads of its channels, the oldest first", () => {
    expect(channelsOf(twoChannels())).toEqual([
      ["1.1.0", "alpha", "stable"],
      ["2.0.0", "alpha"],
    ]);
  });

  it("are those of all versions that a channel leads to, if asked for", () => {
    expect(channelsOf(twoChannels(), { versions: "all" })).toEqual([
      ["1.0.0", "alpha", "stable"],
      ["1.1.0", "alpha", "stable"],
      ["2.0.0", "alpha"],
    ]);
  });

  it("are ordered as semantic versions", () => {
    const versions = {
      "10.0.0": {},
      "9.0.0": { replaces: "foo.v10.0.0" },
      "9.0.0-rc.1": { replaces: "foo.v9.0.0" },
    };

    expect(channelsOf(packageOf(versions), { versions: "all" }).flat()).toEqual([
      "9.0.0-rc.1",
      "alpha",
      "9.0.0",
      "alpha",
      "10.0.0",
      "alpha",
    ]);
  });

  it("are in a channel too that skips them, but what a skipped one replaces is not", () => {
    const versions = {
      "1.0.0": {},
      "1.1.0": { replaces: "foo.v1.0.0" },
      "2.0.0": { skips: ["foo.v1.1.0", "foo.v0.1.0"] },
    };
    const { bundles, warnings } = judgeBundles(packageOf(versions), { versions: "all" });

    expect(bundles.map(({ version }) => version)).toEqual(["1.1.0", "2.0.0"]);
    expect(warnings).toEqual([
      "1.0.0/csv.yaml: It is not released, because no channel of the package leads to it.",
    ]);
  });

  it("take no notice of a version that is replaced and not in the archive", () => {
    expect(channelsOf(packageOf({ "1.0.0": { replaces: "foo.v0.9.0" } }))).toEqual([["1.0.0", "alpha"]]);
  });

  it("hold the manifests of the version's directory, and annotations, but no package file", () => {
    const files = packageOf({ "1.0.0": {} }, { defaultChannel: "alpha" });
    const [bundle] = bundlesIn({
      ...files,
      "1.0.0/package.yaml": { packageName: "old" },
      "1.0.0/.x.yaml": "a: [",
      "1.0.0/art.yaml": "x",
    });

    expect([...(bundle?.files.keys() ?? [])]).toEqual([
      "manifests/csv.yaml",
      "manifests/crd.yaml",
      "metadata/annotations.yaml",
    ]);
    expect(bundle && textIn(bundle, "metadata/annotations.yaml")).toBe(
      `annotations:\n${Object.entries({ ...COMPLETE, [ANNOTATIONS.defaultChannel]: "alpha" })
        .map(([name, value]) => `  ${name}: ${value}\n`)
        .join("")}`,
    );
    expect(bundle?.labels).toEqual({ ...COMPLETE, [ANNOTATIONS.defaultChannel]: "alpha" });
  });

  it("leave out what is no manifest, with a warning", () => {
    const files = packageOf({ "1.0.0": {} });
    const { bundles, warnings } = judgeBundles({
      ...files,
      "1.0.0/README.md": "",
      "1.0.0/docs/x.yaml": "a: [",
      "README.md": "",
    });

    expect([...(bundles[0]?.files.keys() ?? [])]).not.toContain("manifests/README.md");
    expect(warnings).toEqual([
      "1.0.0/docs/: It does not come into the bundle, which OLM reads without it.",
      "1.0.0/README.md: It does not come into the bundle, which OLM reads without it.",
    ]);
  });

  it("are judged only where they are released", () => {
    const files = { ...packageOf(THREE), "1.0.0/crd.yaml": crd({ group: undefined }) };

    expect(judgeBundles(files).errors).toEqual([]);
    expect(judgeBundles(files, { versions: "all" }).errors).toEqual([
      "1.0.0/crd.yaml: crd spec.group not defined.",
    ]);
    expect(judgeBundles(files, { versions: "all" }).bundles).toEqual([]);
  });
});

describe("the bundles of a flat package", () => {
  const bar = crd({ names: { kind: "Bar", plural: "bars" } }, { metadata: { name: "bars.example.com" } });
  const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: { name: "r" } };
  const flat = {
    "package.yaml": { packageName: "foo", channels: [{ name: "alpha", currentCSV: "foo.v2.0.0" }] },
    "foo.crd.yaml": crd(),
    "bar.crd.yaml": bar,
    "role.yaml": role,
    "2.yaml": version("2.0.0", { replaces: "foo.v1.0.0" }),
  };
  const names = (contents: Contents) =>
    bundlesIn(contents, { versions: "all" }).map(({ files }) =>
      [...files.keys()].filter((path) => path.startsWith("manifests/")),
    );

  it("hold all its CRDs where it has one version", () => {
    expect(names(flat)).toEqual([
      ["manifests/2.yaml", "manifests/bar.crd.yaml", "manifests/foo.crd.yaml", "manifests/role.yaml"],
    ]);
  });

  it("hold the CRDs that they own and all that is no CRD, where there are several", () => {
    const several = {
      ...flat,
      "1.yaml": version("1.0.0", owning({ name: "bars.example.com", kind: "Bar", version: "v1" })),
      "lost.yaml": crd(
        { names: { kind: "Lost", plural: "losts" } },
        { metadata: { name: "losts.example.com" } },
      ),
    };

    expect(names(several)).toEqual([
      ["manifests/1.yaml", "manifests/bar.crd.yaml", "manifests/role.yaml"],
      ["manifests/2.yaml", "manifests/foo.crd.yaml", "manifests/role.yaml"],
    ]);
    expect(judgeBundles(several, { versions: "all" }).warnings).toEqual([
      "lost.yaml: It does not come into the bundle, which OLM reads without it.",
    ]);
  });
});

describe("a package is refused", () => {
  it.each([
    [
      "whose channel names a version that is not there",
      packageOf({ "1.0.0": {} }, { channels: [{ name: "a", currentCSV: "foo.v9" }] }),
      "Expected currentCSV of the channel a to name a ClusterServiceVersion",
    ],
    [
      "whose channel has no version",
      packageOf({ "1.0.0": {} }, { channels: [{ name: "a" }] }),
      "package channel.currentCSV not defined.",
    ],
    [
      "with a comma in a channel",
      packageOf({ "1.0.0": {} }, { channels: [{ name: "a,b", currentCSV: "foo.v1.0.0" }] }),
      "without blanks and commas",
    ],
    [
      "with a channel twice",
      packageOf(
        { "1.0.0": {} },
        {
          channels: [
            { name: "a", currentCSV: "foo.v1.0.0" },
            { name: "a", currentCSV: "foo.v1.0.0" },
          ],
        },
      ),
      "The channel a is there twice",
    ],
    ["without channels", packageOf({ "1.0.0": {} }, { channels: [] }), "no package channels defined."],
    [
      "whose versions replace each other",
      packageOf({ "1.0.0": { replaces: "foo.v2.0.0" }, "2.0.0": { replaces: "foo.v1.0.0" } }),
      "foo.v2.0.0 replaces itself",
    ],
    [
      "with one name for two versions",
      { ...packageOf({ "1.0.0": {} }), "x/csv.yaml": version("1.0.0") },
      "1.0.0/csv.yaml has this one too",
    ],
    [
      "with two versions in a directory",
      { ...packageOf({ "1.0.0": {} }), "1.0.0/b.yaml": version("0.1.0") },
      "but it is in 1.0.0/b.yaml and 1.0.0/csv.yaml",
    ],
    [
      "whose name is no text",
      packageOf({ "1.0.0": {} }, { packageName: 12 }),
      "Expected the package's name to be a text, but it is the number 12",
    ],
    [
      "whose channels are no mappings",
      packageOf({ "1.0.0": {} }, { channels: [1] }),
      "channels[0] must be a mapping",
    ],
    [
      "with a file that cannot be read in a directory",
      { ...packageOf({ "1.0.0": {} }), "docs/a.yaml": "a: [" },
      "docs/a.yaml: line 1",
    ],
  ])("%s", (_, contents, problem) => {
    const { valid, bundles, errors } = judgeBundles(contents);

    expect(errors.join("\n")).toContain(problem);
    expect({ valid, bundles }).toEqual({ valid: false, bundles: [] });
  });

  it("with one version number in two versions, if both are released", () => {
    const files = packageOf({ "1.0.0": {}, "2.0.0": { version: "1.0.0", replaces: "foo.v1.0.0" } });

    expect(judgeBundles(files).valid).toBe(true);
    expect(judgeBundles(files, { versions: "all" }).errors).toEqual([
      "2.0.0/csv.yaml: Expected each version once, but 1.0.0/csv.yaml has spec.version 1.0.0 too. Change one.",
    ]);
  });
});
