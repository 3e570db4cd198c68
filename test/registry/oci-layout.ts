import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

/** An image of one layer. */
export interface Image {
  readonly labels: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
}

/**
 * Writes an image as a folder in the layout of the OCI (image specification, "OCI Image Layout"), with nothing of our
 * own code, so that it can judge it. Gives the digest of its manifest.
 */
export async function writeOciLayout(folder: string, { labels, files }: Image): Promise<string> {
  mkdirSync(join(folder, "blobs/sha256"), { recursive: true });
  const blob = (mediaType: string, bytes: Buffer) => {
    const digest = `sha256:${sha256(bytes)}`;
    writeFileSync(join(folder, "blobs/sha256", sha256(bytes)), bytes);
    return { mediaType: `application/vnd.oci.image.${mediaType}`, digest, size: bytes.length };
  };
  const tar = await tarOf(files);
  const layer = blob("layer.v1.tar+gzip", gzipSync(tar));
  const config = blob(
    "config.v1+json",
    json({
      architecture: "amd64",
      os: "linux",
      config: { Labels: labels },
      rootfs: { type: "layers", diff_ids: [`sha256:${sha256(tar)}`] },
      history: [{ created_by: "test" }],
    }),
  );
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = blob("manifest.v1+json", json({ schemaVersion: 2, mediaType, config, layers: [layer] }));
  writeFileSync(join(folder, "oci-layout"), json({ imageLayoutVersion: "1.0.0" }));
  writeFileSync(join(folder, "index.json"), json({ schemaVersion: 2, manifests: [manifest] }));
  return manifest.digest;
}

function tarOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, content] of Object.entries(files)) tar.entry({ name, mtime: new Date(0) }, content);
  tar.finalize();
  return buffer(tar);
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
