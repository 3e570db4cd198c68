import { describe, expect, it } from "vitest";
import {
  MAX_ANNOTATIONS_LENGTH,
  MAX_BUNDLES,
  MAX_FILES,
  MAX_METADATA_FILE_BYTES,
} from "../../../../lib/operator/bundle/index.ts";
import { MAX_COMPARISONS } from "../../../../lib/operator/findings.ts";
import { type Contents, crd, OWNED_FOO, owning } from "../package-builder.ts";
import {
  annotationsFile,
  bundleFiles,
  COMPLETE,
  judgeBundles,
  packageOf,
  version,
} from "./bundle-builder.ts";

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

const configMap = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });

/** A flat package with so many versions, all at the head of a channel, and ConfigMaps that they share. */
function flat(versions: number, shared: number, channel = (index: number) => `c${index}`): Contents {
  const noCrds = { customresourcedefinitions: undefined };
  return {
    "package.yaml": {
      packageName: "foo",
      channels: range(versions).map((index) => ({ name: channel(index), currentCSV: `foo.v1.0.${index}` })),
      defaultChannel: channel(0),
    },
    ...Object.fromEntries(
      range(versions).map((index) => [`csv${index}.yaml`, version(`1.0.${index}`, noCrds)]),
    ),
    ...Object.fromEntries(range(shared).map((index) => [`cm${index}.yaml`, configMap(`m${index}`)])),
  };
}

describe("what an archive makes", () => {
  it(`is at most ${MAX_BUNDLES} bundles`, () => {
    expect(judgeBundles(flat(MAX_BUNDLES, 0))).toMatchObject({ valid: true, errors: [] });
    expect(judgeBundles(flat(MAX_BUNDLES + 1, 0))).toMatchObject({
      valid: false,
      bundles: [],
      errors: [
        `package.yaml: Expected the archive to make at most ${MAX_BUNDLES} bundles, but it makes more. Split it up.`,
      ],
    });
  });

  it("counts only the versions that are released", () => {
    const more = { ...flat(MAX_BUNDLES, 0), "old.yaml": version("0.1.0") };

    expect(judgeBundles(more)).toMatchObject({ valid: true });
    expect(judgeBundles(more, { versions: "all", channels: ["a"] })).toMatchObject({ valid: false });
  });

  it(`is at most ${MAX_FILES} files, of which each version of a flat package has those that all share`, () => {
    // Each bundle has a ClusterServiceVersion and annotations besides.
    const files = flat(50, MAX_FILES / 50 - 2);
    const { valid, bundles } = judgeBundles(files);

    expect(valid).toBe(true);
    expect(bundles.reduce((sum, bundle) => sum + bundle.files.size, 0)).toBe(MAX_FILES);
    const owner = version("1.0.0", owning(OWNED_FOO));
    expect(judgeBundles({ ...files, "csv0.yaml": owner, "crd.yaml": crd() })).toMatchObject({
      bundles: [],
      errors: [
        `package.yaml: Expected the archive to make at most ${MAX_FILES} files in all its bundles, but it makes more. Split it up.`,
      ],
    });
  });

  it(`is at most ${MAX_ANNOTATIONS_LENGTH} characters of annotations`, () => {
    const own = Object.entries(COMPLETE).flat().join("").length;
    const value = (length: number) => "x".repeat(length - own - "extra".length);
    const judged = (length: number) =>
      judgeBundles(bundleFiles({ "metadata/annotations.yaml": annotationsFile({ extra: value(length) }) }));

    expect(judged(MAX_ANNOTATIONS_LENGTH).errors).toEqual([]);
    expect(judged(MAX_ANNOTATIONS_LENGTH + 1).errors).toEqual([
      `metadata/annotations.yaml: Expected the archive to make at most ${MAX_ANNOTATIONS_LENGTH} characters in the annotations of all its bundles, but it makes more. Split it up.`,
    ]);
  });

  it("counts the annotations of each bundle, in which a long channel is repeated", () => {
    const long = MAX_ANNOTATIONS_LENGTH / 8;

    expect(judgeBundles(flat(2, 0, (index) => `${index}`.padEnd(long, "x"))).valid).toBe(true);
    expect(judgeBundles(flat(8, 0, (index) => `${index}`.padEnd(long, "x"))).errors).toEqual([
      expect.stringMatching(/^package.yaml: Expected .* characters in the annotations/),
    ]);
  });
});

describe("a file of metadata/", () => {
  const judged = (bytes: number) =>
    judgeBundles(bundleFiles({ "metadata/big.bin": new Uint8Array(bytes) })).errors;

  it(`has at most ${MAX_METADATA_FILE_BYTES} bytes`, () => {
    expect(judged(MAX_METADATA_FILE_BYTES)).toEqual([]);
    expect(judged(MAX_METADATA_FILE_BYTES + 1)).toEqual([
      `metadata/big.bin: Expected at most ${MAX_METADATA_FILE_BYTES} bytes in a file of metadata/, but it has ${MAX_METADATA_FILE_BYTES + 1}. Make it smaller.`,
    ]);
  });

  it("has no more either where it holds the annotations", () => {
    const text = annotationsFile();
    const padded = (bytes: number) => `${text}#${"x".repeat(bytes - text.length - 1)}`;
    const errors = (bytes: number) =>
      judgeBundles(bundleFiles({ "metadata/annotations.yaml": padded(bytes) })).errors;

    expect(errors(MAX_METADATA_FILE_BYTES)).toEqual([]);
    expect(errors(MAX_METADATA_FILE_BYTES + 1)).toHaveLength(1);
  });
});

describe("a package that repeats too many names", () => {
  it("is told so once, whatever the number of its versions", () => {
    const numbers = ["1.0.0", "1.1.0", "1.2.0", "1.3.0"];
    const owned = range(1000).map(() => OWNED_FOO);
    const crds = range(MAX_COMPARISONS / 1000 / 2).map((index) =>
      crd({}, { metadata: { name: `c${index}s.example.com` } }),
    );
    const files = numbers.flatMap((number) => [
      [`${number}/csv.yaml`, version(number, owning(...owned))] as const,
      ...crds.map((content, index) => [`${number}/${index}.yaml`, content] as const),
    ]);
    const { errors } = judgeBundles(
      { ...packageOf({ "1.3.0": {} }), ...Object.fromEntries(files) },
      { versions: "all", channels: ["a"] },
    );

    expect(errors.filter((error) => error.includes("too many names"))).toEqual([
      "The package repeats too many names to compare them all. Split it up.",
    ]);
  });
});
