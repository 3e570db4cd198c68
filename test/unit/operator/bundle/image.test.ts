import { createHash, randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { extract, type Header } from "tar-stream";
import { describe, expect, it } from "vitest";
import { MAX_LAYER_BYTES } from "../../../../lib/operator/bundle/index.ts";
import {
  bundlesOf,
  identifyOperator,
  Manifests,
  type OperatorBundle,
  packBundle,
} from "../../../../lib/operator/index.ts";
import type { BundleImage } from "../../../../lib/release/index.ts";
import { EXAMPLE_DIGEST } from "../../../support/example-digest.ts";
import { ANNOTATIONS, bundleFiles, bundlesIn, COMPLETE, exampleFiles, packageOf } from "./bundle-builder.ts";

const sha256 = (bytes: Uint8Array) => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const parsed = (bytes: Buffer) => JSON.parse(bytes.toString());

function onlyBundle(contents = bundleFiles()): OperatorBundle {
  const [bundle] = bundlesIn(contents);
  if (!bundle) throw new Error("expected a bundle");
  return bundle;
}

async function layerOf({ layer }: BundleImage): Promise<{ header: Header; text: string }[]> {
  const extraction = extract();
  extraction.end(gunzipSync(layer.bytes));
  const entries = [];
  for await (const entry of extraction) entries.push({ header: entry.header, text: await text(entry) });
  return entries;
}

describe("the image of a bundle", () => {
  it("has one layer with manifests/ and metadata/, sorted, without a time, an owner or a umask", async () => {
    const bundle = onlyBundle();
    const entries = await layerOf(await packBundle(bundle, "oci"));

    expect(entries.map(({ header }) => header.name)).toEqual([
      "manifests/",
      "manifests/crd.yaml",
      "manifests/csv.yaml",
      "metadata/",
      "metadata/annotations.yaml",
    ]);
    for (const { header, text } of entries) {
      const isFile = header.type === "file";
      expect(header).toMatchObject({ uid: 0, gid: 0, mode: isFile ? 0o644 : 0o755 });
      expect(header.mtime?.getTime()).toBe(0);
      if (isFile) expect(Buffer.from(text)).toEqual(Buffer.from(bundle.files.get(header.name) ?? ""));
    }
  });

  it("has a gzip header that names no time, file or system of its own", async () => {
    const { layer } = await packBundle(onlyBundle(), "oci");

    expect([...layer.bytes.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
  });

  it("has the labels and the layer's digest in its configuration, and no time", async () => {
    const { config, layer } = await packBundle(onlyBundle(), "oci");

    expect(parsed(config.bytes)).toEqual({
      architecture: "amd64",
      os: "linux",
      config: { Labels: COMPLETE },
      rootfs: { type: "layers", diff_ids: [sha256(gunzipSync(layer.bytes))] },
      history: [{ created_by: "OMPS: operator bundle" }],
    });
  });

  it.each([
    [
      "oci",
      "application/vnd.oci.image.manifest.v1+json",
      "application/vnd.oci.image.config.v1+json",
      "application/vnd.oci.image.layer.v1.tar+gzip",
    ],
    [
      "docker",
      "application/vnd.docker.distribution.manifest.v2+json",
      "application/vnd.docker.container.image.v1+json",
      "application/vnd.docker.image.rootfs.diff.tar.gzip",
    ],
  ] as const)(
    "has a manifest with the media types of %s",
    async (mediaTypes, manifestType, configType, layerType) => {
      const image = await packBundle(onlyBundle(), mediaTypes);
      const { config, layer, manifest } = image;

      expect(parsed(manifest)).toEqual({
        schemaVersion: 2,
        mediaType: manifestType,
        config: { mediaType: configType, digest: sha256(config.bytes), size: config.bytes.length },
        layers: [{ mediaType: layerType, digest: sha256(layer.bytes), size: layer.bytes.length }],
      });
      expect(image).toMatchObject({ digest: sha256(manifest), mediaType: manifestType });
      expect(config).toMatchObject({ mediaType: configType, digest: sha256(config.bytes) });
      expect(layer).toMatchObject({ mediaType: layerType, digest: sha256(layer.bytes) });
    },
  );

  it("has the same digest on every machine and with every Node", async () => {
    const manifests = new Manifests(exampleFiles("bundle"));
    const [bundle] = bundlesOf(manifests, identifyOperator(manifests), { versions: "current" }).bundles;
    const { digest } = await packBundle(bundle ?? onlyBundle(), "oci");

    expect(digest).toBe(EXAMPLE_DIGEST);
  });

  it("has the same digest in whatever order the files and the labels come", async () => {
    const contents = packageOf({ "1.0.0": {}, "2.0.0": { replaces: "foo.v1.0.0" } });
    const labels = { a: "1", b: "2", [ANNOTATIONS.package]: "other" };
    const digests = async (files: typeof contents, given: Record<string, string>) =>
      Promise.all(
        bundlesIn(files, { versions: "all", labels: given }).map(
          async (bundle) => (await packBundle(bundle, "oci")).digest,
        ),
      );
    const expected = await digests(contents, labels);

    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(Object.keys(contents), { minLength: Object.keys(contents).length }),
        fc.shuffledSubarray(Object.keys(labels), { minLength: 3 }),
        async (paths, names) => {
          const shuffled = Object.fromEntries(paths.map((path) => [path, contents[path]]));
          const mixed = Object.fromEntries(names.map((name) => [name, labels[name] ?? ""]));
          expect(await digests(shuffled, mixed)).toEqual(expected);
        },
      ),
      { numRuns: 20 },
    );
    expect(new Set(expected).size).toBe(2);
  });

  it("has another digest for another content", async () => {
    const one = await packBundle(onlyBundle(), "oci");
    const other = await packBundle(onlyBundle(bundleFiles({ "metadata/note": "x" })), "oci");

    expect(other.digest).not.toBe(one.digest);
  });

  it("is refused where its layer is larger than OLM unpacks", async () => {
    const bundle = onlyBundle();
    const withNoise = (bytes: number) => ({
      ...bundle,
      files: new Map([...bundle.files, ["metadata/noise", randomBytes(bytes)]]),
    });

    await expect(packBundle(withNoise(MAX_LAYER_BYTES), "oci")).rejects.toThrow(
      `to have at most ${MAX_LAYER_BYTES} bytes when packed`,
    );
    const { layer } = await packBundle(withNoise(MAX_LAYER_BYTES - 10_000), "oci");
    expect(layer.bytes.length).toBeLessThanOrEqual(MAX_LAYER_BYTES);
  });
});
