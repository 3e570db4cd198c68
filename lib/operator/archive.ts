import { createHash } from "node:crypto";
import { createGzip } from "node:zlib";
import type { Pack } from "tar-stream";
import type { PackageArchive } from "../release/index.ts";
import { byBytes, type FileMap } from "./manifests.ts";

const FILE_MODE = 0o644;
const DIRECTORY_MODE = 0o755;

/** Bytes that gzip works on at once; its 16 kB cost a tenth more CPU. */
const CHUNK_BYTES = 256 * 1024;

/**
 * Packs a release into a tar.gz with one top directory. One content has one digest, which is that of the tar.
 *
 * @param files relative paths with "/" to bytes
 */
export async function packRelease(files: FileMap, topDirectory: string): Promise<PackageArchive> {
  const below = [...files].map(([path, bytes]) => [`${topDirectory}/${path}`, bytes] as const);
  const tar = await tarOf(new Map(below), [`${topDirectory}/`]);
  const hash = createHash("sha256");
  const gzip = createGzip({ chunkSize: CHUNK_BYTES });
  // The tar is never whole in memory: it is as large as all that was unpacked.
  tar.on("data", (chunk) => {
    if (chunk instanceof Uint8Array) hash.update(chunk);
  });
  tar.pipe(gzip);
  // buffer() of node:stream/consumers would have it in memory once more, as a Blob.
  const archive = Buffer.concat(await gzip.toArray());
  return { archive, digest: hash.digest("hex") };
}

/**
 * A tar that depends on nothing but the names and the bytes: names are sorted, times, owners and modes are
 * fixed.
 *
 * @param files relative paths with "/" to bytes; the directories above them get entries too
 * @param directories more of them, ending in "/"
 */
export async function tarOf(files: FileMap, directories: readonly string[] = []): Promise<Pack> {
  const { default: tarStream } = await import("tar-stream");
  const tar = tarStream.pack();
  for (const name of entryNames(files.keys(), directories)) {
    const bytes = files.get(name);
    const fixed = { name, mtime: new Date(0), uid: 0, gid: 0 };
    if (bytes === undefined) tar.entry({ ...fixed, type: "directory", mode: DIRECTORY_MODE });
    else
      tar.entry(
        { ...fixed, type: "file", mode: FILE_MODE },
        Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length),
      );
  }
  tar.finalize();
  return tar;
}

/** Files and the directories above them (which end in "/"), parents first. */
function entryNames(paths: Iterable<string>, directories: readonly string[]): string[] {
  const names = new Set(directories);
  for (const path of paths) {
    for (let slash = path.indexOf("/"); slash >= 0; slash = path.indexOf("/", slash + 1)) {
      names.add(path.slice(0, slash + 1));
    }
    names.add(path);
  }
  return [...names].sort(byBytes);
}
