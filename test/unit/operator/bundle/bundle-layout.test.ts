import { describe, expect, it } from "vitest";
import { crd } from "../package-builder.ts";
import {
  ANNOTATIONS,
  annotationsFile,
  bundleFiles,
  bundlesIn,
  COMPLETE,
  judgeBundles,
  textIn,
  version,
} from "./bundle-builder.ts";

const ANNOTATIONS_YAML = "metadata/annotations.yaml";

describe("an archive in the format of bundles", () => {
  it("is one bundle with the same files, byte for byte", () => {
    const text = `# head\r\n${annotationsFile({ extra: "x" })}# tail`;
    const dependencies = "dependencies: []\n";
    const contents = bundleFiles({
      [ANNOTATIONS_YAML]: text,
      "metadata/dependencies.yaml": dependencies,
      "metadata/note.txt": "n",
    });
    const [bundle, ...others] = bundlesIn(contents);

    expect(others).toEqual([]);
    expect(bundle).toMatchObject({ packageName: "foo", version: "1.0.0", channels: ["alpha"] });
    expect(bundle?.defaultChannel).toBeUndefined();
    expect([...(bundle?.files.keys() ?? [])].toSorted()).toEqual(Object.keys(contents).toSorted());
    expect(bundle && textIn(bundle, ANNOTATIONS_YAML)).toBe(text);
    expect(bundle && textIn(bundle, "metadata/dependencies.yaml")).toBe(dependencies);
    expect(bundle?.labels).toEqual({ ...COMPLETE, extra: "x" });
  });

  it("may have its manifests in JSON, with tabs", () => {
    const json = JSON.stringify(version("1.0.0"), null, "\t");
    const { "manifests/csv.yaml": _, ...others } = bundleFiles();
    const [bundle] = bundlesIn({ ...others, "manifests/csv.json": json });

    expect(bundle && textIn(bundle, "manifests/csv.json")).toBe(json);
  });

  it("leaves out what opm does not read, with a warning", () => {
    const { bundles, warnings } = judgeBundles(
      bundleFiles({
        "manifests/README.md": "",
        "manifests/sub/x.yaml": "",
        "metadata/sub/x": "",
        "tests/scorecard/config.yaml": "",
        Dockerfile: "",
      }),
    );

    expect([...(bundles[0]?.files.keys() ?? [])].toSorted()).toEqual(Object.keys(bundleFiles()).toSorted());
    expect(warnings.map((text) => text.split(":")[0])).toEqual([
      "metadata/sub/",
      "tests/",
      "manifests/sub/",
      "manifests/README.md",
    ]);
  });

  it("takes the channels of its annotations, without blanks, and not the configured ones", () => {
    const contents = bundleFiles({
      [ANNOTATIONS_YAML]: annotationsFile({
        [ANNOTATIONS.channels]: " beta, alpha,beta,",
        [ANNOTATIONS.defaultChannel]: " alpha ",
      }),
    });
    const [bundle] = bundlesIn(contents, { channels: ["x"], defaultChannel: "x" });

    expect(bundle).toMatchObject({ channels: ["beta", "alpha"], defaultChannel: "alpha" });
    expect(bundle && textIn(bundle, ANNOTATIONS_YAML)).toContain(`${ANNOTATIONS.channels}: beta,alpha\n`);
    expect(bundle?.labels[ANNOTATIONS.channels]).toBe("beta,alpha");
  });

  it("gets what its annotations lack, and keeps the others", () => {
    const contents = bundleFiles({ [ANNOTATIONS_YAML]: "annotations:\n  # mine\n  a: b # c\n" });
    const [bundle] = bundlesIn(contents, { channels: ["x", "y"], defaultChannel: "y" });

    expect(bundle?.labels).toEqual({
      ...COMPLETE,
      [ANNOTATIONS.channels]: "x,y",
      [ANNOTATIONS.defaultChannel]: "y",
      a: "b",
    });
    expect(bundle && textIn(bundle, ANNOTATIONS_YAML)).toMatch(
      /^annotations:\n(?: {2}operators\.\S+: \S+\n){6} {2}# mine\n {2}a: b # c\n$/,
    );
  });

  it("gets annotations where it has manifests alone, as Koji keeps them", () => {
    const [bundle] = bundlesIn(
      { "csv.yaml": version("1.0.0"), "crd.yaml": crd(), "x/README": "" },
      { channels: ["x"] },
    );

    expect([...(bundle?.files.keys() ?? [])].toSorted()).toEqual([
      "manifests/crd.yaml",
      "manifests/csv.yaml",
      ANNOTATIONS_YAML,
    ]);
    expect(bundle).toMatchObject({ packageName: "foo", channels: ["x"] });
  });

  it("gets the configured labels, which do not win over its own", () => {
    const [bundle] = bundlesIn(bundleFiles(), { labels: { vendor: "v", [ANNOTATIONS.package]: "other" } });

    expect(bundle?.labels).toEqual({ ...COMPLETE, vendor: "v" });
  });

  it("may name a default channel that it is not in, with a warning", () => {
    const { valid, warnings } = judgeBundles(
      bundleFiles({ [ANNOTATIONS_YAML]: annotationsFile({ [ANNOTATIONS.defaultChannel]: "stable" }) }),
    );

    expect(valid).toBe(true);
    expect(warnings).toEqual([
      `${ANNOTATIONS_YAML}: Its default channel is the text "stable", but its channels are alpha.`,
    ]);
  });

  it.each([
    [
      "no channels anywhere",
      annotationsFile({ [ANNOTATIONS.channels]: "" }),
      "or set channels in the configuration",
    ],
    [
      "an empty default channel",
      annotationsFile({ [ANNOTATIONS.defaultChannel]: "" }),
      "to name a channel, but it is empty",
    ],
    [
      "another media type",
      annotationsFile({ [ANNOTATIONS.mediaType]: "helm" }),
      'to be registry+v1, but it is the text "helm"',
    ],
    [
      "another directory",
      annotationsFile({ [ANNOTATIONS.manifests]: "deploy/" }),
      "to be manifests/, but it is",
    ],
    [
      "an annotation that is no text",
      annotationsFile({ extra: 1 }),
      "Expected the annotation extra to be a text, but it is the number 1",
    ],
    ["no annotations in the file", "a: b", "Expected a mapping with the key annotations"],
    [
      "a blank in a channel",
      annotationsFile({ [ANNOTATIONS.channels]: "a b" }),
      "Expected channels without blanks",
    ],
  ])("is refused with %s", (_, text, problem) => {
    const { valid, errors } = judgeBundles(bundleFiles({ [ANNOTATIONS_YAML]: text }));

    expect(errors.join("\n")).toContain(problem);
    expect(errors.every((error) => error.startsWith(`${ANNOTATIONS_YAML}: `))).toBe(true);
    expect(valid).toBe(false);
  });

  it("is refused with a configured default channel that is none of its channels", () => {
    expect(judgeBundles(bundleFiles(), { defaultChannel: "x" }).errors[0]).toContain(
      "Correct default_channel in the configuration",
    );
  });

  it("is refused with annotations in another file, which opm may read in their place", () => {
    expect(judgeBundles(bundleFiles({ "metadata/a.yaml": annotationsFile() })).errors).toEqual([
      `metadata/a.yaml: Expected annotations in ${ANNOTATIONS_YAML} only. Move them there.`,
    ]);
  });

  it("writes a directory without its slash as opm wants it", () => {
    const [bundle] = bundlesIn(
      bundleFiles({ [ANNOTATIONS_YAML]: annotationsFile({ [ANNOTATIONS.manifests]: "manifests" }) }),
    );

    expect(bundle?.labels[ANNOTATIONS.manifests]).toBe("manifests/");
  });
});
