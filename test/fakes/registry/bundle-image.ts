import { gzipSync } from "node:zlib";
import type { BundleImage, ImageBlob } from "../../../lib/release/index.ts";
import { digestOf } from "./images.ts";

const TYPES = {
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

/** An image with all that registries look at; they do not look whether its layer is a tar. */
export function imageOf(text: string, kind: keyof typeof TYPES = "oci"): BundleImage {
  const types = TYPES[kind];
  const blob = (mediaType: string, bytes: Buffer): ImageBlob => ({
    mediaType,
    bytes,
    digest: digestOf(bytes),
  });
  const describe = ({ mediaType, digest, bytes }: ImageBlob) => ({ mediaType, size: bytes.length, digest });
  const layer = blob(types.layer, gzipSync(text));
  const configuration = {
    architecture: "amd64",
    os: "linux",
    config: { Labels: { "operators.operatorframework.io.bundle.package.v1": "etcd" } },
    rootfs: { type: "layers", diff_ids: [digestOf(text)] },
    history: [{ created_by: "test" }],
  };
  const config = blob(types.config, Buffer.from(JSON.stringify(configuration)));
  const described = {
    schemaVersion: 2,
    mediaType: types.manifest,
    config: describe(config),
    layers: [describe(layer)],
  };
  const manifest = Buffer.from(JSON.stringify(described));
  return { mediaType: types.manifest, manifest, digest: digestOf(manifest), config, layer };
}
