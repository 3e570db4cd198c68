import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import { PackageValidationError } from "../../errors/index.ts";
import type { BundleImage, ImageBlob } from "../../release/index.ts";
import { tarOf } from "../archive.ts";
import { byBytes } from "../manifests.ts";
import { MAX_LAYER_BYTES } from "./limits.ts";
import type { ImageMediaTypes, OperatorBundle } from "./operator-bundle.ts";

interface MediaTypes {
  readonly manifest: string;
  readonly config: string;
  readonly layer: string;
}

const MEDIA_TYPES: Readonly<Record<ImageMediaTypes, MediaTypes>> = {
  oci: {
    manifest: "application/vnd.oci.image.manifest.v1+json",
    config: "application/vnd.oci.image.config.v1+json",
    layer: "application/vnd.oci.image.layer.v1.tar+gzip",
  },
  docker: {
    manifest: "application/vnd.docker.distribution.manifest.v2+json",
    config: "application/vnd.docker.container.image.v1+json",
    layer: "application/vnd.docker.image.rootfs.diff.tar.gzip",
  },
};

/** zlib's own default. Level 9 saves 1 in 700 bytes and takes half as long again. */
const LEVEL = 6;

/**
 * Packs a bundle as an image of one layer. One content has one digest on every machine: nothing in the image is
 * of this time or place, and fflate compresses it, because the bytes of Node's zlib depend on its build
 * and may depend on the processor. (fflate's entry for browsers is the same without workers, which its other one loads.)
 *
 * @throws PackageValidationError where the layer is larger than OLM can unpack
 */
export async function packBundle(bundle: OperatorBundle, mediaTypes: ImageMediaTypes): Promise<BundleImage> {
  const types = MEDIA_TYPES[mediaTypes];
  const [{ gzipSync }, tar] = await Promise.all([import("fflate/browser"), tarOf(bundle.files).then(buffer)]);
  const layer = blob(types.layer, Buffer.from(gzipSync(tar, { level: LEVEL, mtime: 0 })));
  if (layer.bytes.length > MAX_LAYER_BYTES) {
    throw new PackageValidationError(
      `Expected the bundle of version ${bundle.version} to have at most ${MAX_LAYER_BYTES} bytes when packed, ` +
        `because OLM unpacks it into one object of the cluster, but it has ${layer.bytes.length}. Make its manifests smaller.`,
    );
  }
  const config = blob(types.config, json(imageConfig(bundle, sha256(tar))));
  const manifest = json({
    schemaVersion: 2,
    mediaType: types.manifest,
    config: descriptor(config),
    layers: [descriptor(layer)],
  });
  return { digest: sha256(manifest), mediaType: types.manifest, manifest, config, layer };
}

/** Bundles hold no programs, but a configuration must name an architecture. */
function imageConfig({ labels }: OperatorBundle, diffId: string): object {
  const sorted = Object.entries(labels).sort(([a], [b]) => byBytes(a, b));
  return {
    architecture: "amd64",
    os: "linux",
    config: { Labels: Object.fromEntries(sorted) },
    rootfs: { type: "layers", diff_ids: [diffId] },
    history: [{ created_by: "OMPS: operator bundle" }],
  };
}

function blob(mediaType: string, bytes: Buffer): ImageBlob {
  return { mediaType, digest: sha256(bytes), bytes };
}

function descriptor({ mediaType, digest, bytes }: ImageBlob): object {
  return { mediaType, digest, size: bytes.length };
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
