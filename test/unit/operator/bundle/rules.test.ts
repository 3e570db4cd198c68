import { describe, expect, it } from "vitest";
import {
  LARGE_OBJECT_BYTES,
  MAX_BUNDLE_BYTES,
  MAX_BUNDLES_BYTES,
  MAX_OBJECT_BYTES,
  MAX_VERSION_LENGTH,
} from "../../../../lib/operator/bundle/index.ts";
import { tagOf } from "../../../../lib/quay/image/tag.ts";
import { type Contents, crd, csv, OWNED_FOO, owning } from "../package-builder.ts";
import { bundleFiles, judgeBundles, packageOf, version } from "./bundle-builder.ts";

const errorsOf = (contents: Contents) => judgeBundles(bundleFiles(contents)).errors;

const configMap = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });

/** A ConfigMap in a file of this size. */
function configMapOf(bytes: number, name = "a"): string {
  const text = `${JSON.stringify(configMap(name))}\n#`;
  return text + "x".repeat(bytes - text.length);
}

describe("the rules for the manifests of a bundle", () => {
  it("want a ClusterServiceVersion", () => {
    expect(errorsOf({ "manifests/csv.yaml": configMap("a") })).toContain(
      "manifests/*: Expected a ClusterServiceVersion, but there is none.",
    );
  });

  it("want only one, and name the files of all", () => {
    expect(errorsOf({ "manifests/a.yaml": version("2.0.0"), "manifests/z.yaml": version("3.0.0") })).toEqual([
      "manifests/a.yaml: Expected one ClusterServiceVersion in a bundle, but it is in manifests/a.yaml and manifests/csv.yaml and manifests/z.yaml. Keep one.",
    ]);
  });

  it("want one document in a file, of which opm would drop the second", () => {
    const two = `${JSON.stringify(configMap("a"))}\n---\n${JSON.stringify(configMap("b"))}\n`;

    expect(errorsOf({ "manifests/a.yaml": two })).toEqual([
      "manifests/a.yaml: line 2, column 1: a second document starts here, keep one in a file",
    ]);
  });

  it.each([
    ["a list", [configMap("a")], ["Expected one Kubernetes object, a mapping"]],
    ["an empty file", "", ["Expected one Kubernetes object, a mapping"]],
    ["no object", { a: "b" }, ["it has no apiVersion", "it has no kind", "Expected metadata.name"]],
    ["no name", { apiVersion: "v1", kind: "Secret", metadata: {} }, ["Expected metadata.name to be a text"]],
    [
      "a name that is no text",
      { apiVersion: "v1", kind: "Secret", metadata: { name: 1 } },
      ["Expected metadata.name"],
    ],
  ])("refuse %s", (_, content, problems) => {
    const errors = errorsOf({ "manifests/a.yaml": content });

    expect(errors).toHaveLength(problems.length);
    for (const [index, problem] of problems.entries()) {
      expect(errors[index]).toContain("manifests/a.yaml: ");
      expect(errors[index]).toContain(problem);
    }
  });

  it("want names that are unique for their kind", () => {
    const others = {
      "manifests/a.yaml": configMap("a"),
      "manifests/b.yaml": { ...configMap("a"), kind: "Secret" },
    };

    expect(errorsOf(others)).toEqual([]);
    expect(errorsOf({ ...others, "manifests/c.yaml": configMap("a") })).toEqual([
      "manifests/c.yaml: Expected one ConfigMap of the name a, but manifests/a.yaml has it too. Remove one.",
    ]);
  });

  it("warn of a kind that OLM may not install", () => {
    const { errors, warnings } = judgeBundles(
      bundleFiles({ "manifests/a.yaml": { apiVersion: "batch/v1", kind: "Job", metadata: { name: "a" } } }),
    );

    expect(errors).toEqual([]);
    expect(warnings).toEqual([
      "manifests/a.yaml: The kind Job is none of those that OLM installs from a bundle.",
    ]);
  });

  it("want the CRDs that the ClusterServiceVersion owns, in that version", () => {
    expect(errorsOf({ "manifests/crd.yaml": configMap("a") })).toEqual([
      "manifests/csv.yaml: custom resource definition foos.example.com referenced in csv not defined in root list of crds",
    ]);
    expect(
      errorsOf({ "manifests/csv.yaml": version("1.0.0", owning({ ...OWNED_FOO, version: "v2" })) }),
    ).toEqual(["manifests/csv.yaml: CSV.spec.crd.owned.version is not in CRD.spec.versions list"]);
  });

  it.each([
    [undefined, "Expected spec.version, because it names the release"],
    [1.5, 'to be a semantic version like "1.2.3", but it is the number 1.5'],
    ["1.0", "to be a semantic version"],
    ["v1.0.0", "to be a semantic version"],
    ["01.0.0", "to be a semantic version"],
    ["1.0.0+build.1", 'without a build part, because an image\'s tag cannot have a "+"'],
    [`1.0.0-${"a".repeat(MAX_VERSION_LENGTH - 5)}`, `to have at most ${MAX_VERSION_LENGTH} characters`],
  ])("refuse the version %j", (spec, problem) => {
    const errors = errorsOf({ "manifests/csv.yaml": csv({ version: spec }) });

    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(problem);
  });

  it("take the longest version that can be a tag", () => {
    const longest = `1.0.0-${"a".repeat(MAX_VERSION_LENGTH - 6)}`;

    expect(tagOf(longest)).toHaveLength(128);
    expect(tagOf(`${longest}a`)).toBeUndefined();
  });

  it.each(["1.0.0", "0.0.1-rc.1", `1.0.0-${"a".repeat(MAX_VERSION_LENGTH - 6)}`])(
    "accept the version %s",
    (spec) => {
      expect(errorsOf({ "manifests/csv.yaml": csv({ version: spec }) })).toEqual([]);
    },
  );

  it("tell all that is wrong, each with its file", () => {
    const { "metadata/annotations.yaml": _, ...files } = bundleFiles();
    const { valid, errors } = judgeBundles({
      ...files,
      "manifests/a.yaml": "a: [",
      "manifests/b.yaml": { apiVersion: "v1", kind: "Role" },
      "manifests/crd.yaml": { ...crd(), spec: 1 },
      "manifests/csv.yaml": version("1.0", { installModes: undefined }),
    });

    expect(valid).toBe(false);
    expect(errors).toEqual([
      expect.stringMatching(/^manifests\/a.yaml: line 1, column \d+: /),
      expect.stringMatching(/^metadata\/annotations.yaml: Expected the annotation .*channels/),
      "manifests/b.yaml: Expected metadata.name to be a text that names the object. Add it.",
      "manifests/crd.yaml: spec must be a mapping, but it is the number 1.",
      "manifests/csv.yaml: csv spec.installModes not defined",
      'manifests/csv.yaml: Expected spec.version to be a semantic version like "1.2.3", but it is the text "1.0". Correct it.',
    ]);
  });
});

describe("the size of a manifest", () => {
  it("may be the limit, with a warning close to it", () => {
    for (const [bytes, warned] of [
      [LARGE_OBJECT_BYTES, false],
      [LARGE_OBJECT_BYTES + 1, true],
      [MAX_OBJECT_BYTES, true],
    ] as const) {
      const { errors, warnings } = judgeBundles(bundleFiles({ "manifests/a.yaml": configMapOf(bytes) }));

      expect(errors).toEqual([]);
      expect(warnings.some((text) => text.startsWith(`manifests/a.yaml: It has ${bytes} bytes`))).toBe(
        warned,
      );
    }
  });

  it("may not be more", () => {
    expect(errorsOf({ "manifests/a.yaml": configMapOf(MAX_OBJECT_BYTES + 1) })).toEqual([
      `manifests/a.yaml: Expected at most ${MAX_OBJECT_BYTES} bytes, the most that a cluster stores as one object, but it has ${MAX_OBJECT_BYTES + 1}. Make it smaller.`,
    ]);
  });
});

/** ConfigMaps of so many bytes together. */
function configMaps(bytes: number): Record<string, string> {
  const files: Record<string, string> = {};
  for (let left = bytes, index = 0; left > 0; index += 1) {
    const size =
      left > 2 * MAX_OBJECT_BYTES
        ? MAX_OBJECT_BYTES
        : Math.ceil(left / 2) < 100
          ? left
          : Math.min(left, MAX_OBJECT_BYTES / 2);
    files[`m${index}.yaml`] = configMapOf(size, `m${index}`);
    left -= size;
  }
  return files;
}

const sizeOf = (contents: Contents) =>
  Object.values(contents).reduce<number>(
    (sum, content) => sum + (typeof content === "string" ? content : JSON.stringify(content)).length,
    0,
  );

describe("the size of all files", () => {
  const own = sizeOf(bundleFiles());
  const filled = (bytes: number) =>
    Object.fromEntries(
      Object.entries(configMaps(bytes - own)).map(([name, text]) => [`manifests/${name}`, text]),
    );

  it("may be the limit for one bundle, and not more", () => {
    expect(errorsOf(filled(MAX_BUNDLE_BYTES))).toEqual([]);
    expect(errorsOf(filled(MAX_BUNDLE_BYTES + 1))).toEqual([
      `manifests/csv.yaml: Expected at most ${MAX_BUNDLE_BYTES} bytes in all files of a bundle, but there are ${MAX_BUNDLE_BYTES + 1}. Make it smaller.`,
    ]);
  });

  it("counts those of metadata/ too", () => {
    const metadata = { "metadata/a.txt": new Uint8Array(1000) };

    expect(errorsOf({ ...filled(MAX_BUNDLE_BYTES - 1000), ...metadata })).toEqual([]);
    expect(errorsOf({ ...filled(MAX_BUNDLE_BYTES - 999), ...metadata })).toEqual([
      expect.stringContaining(`but there are ${MAX_BUNDLE_BYTES + 1}.`),
    ]);
  });

  it("counts what versions of a flat package share for each of them", () => {
    const shared = configMaps(MAX_BUNDLE_BYTES - 10_000);
    const names = ["1.0.0", "2.0.0", "3.0.0", "4.0.0", "5.0.0"];
    const flat = (count: number) => ({
      ...shared,
      "foo.crd.yaml": packageOf({ "1.0.0": {} })["1.0.0/crd.yaml"],
      "package.yaml": {
        packageName: "foo",
        channels: names.slice(0, count).map((name) => ({ name: `c${name}`, currentCSV: `foo.v${name}` })),
        defaultChannel: "c1.0.0",
      },
      ...Object.fromEntries(names.slice(0, count).map((name) => [`csv${name}.yaml`, version(name)])),
    });

    expect(judgeBundles(flat(4)).errors).toEqual([]);
    expect(judgeBundles(flat(5)).errors).toEqual([
      `csv5.0.0.yaml: Expected at most ${MAX_BUNDLES_BYTES} bytes in all bundles of an archive, but with this one there are more. Split it up.`,
    ]);
  });
});
