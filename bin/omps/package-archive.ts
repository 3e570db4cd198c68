import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { zipSync } from "fflate";
import { MAX_ENTRIES } from "../../lib/archive/index.ts";
import { codeOf } from "./credentials.ts";
import { EXIT, Failure, UsageFailure } from "./failure.ts";

/** Directories and files that are never part of a package. */
const LEFT_OUT = new Set([".git", ".DS_Store", "__MACOSX"]);

/** The first time that a zip knows; as local time, which is what a zip has. */
const ZIP_EPOCH = new Date(1980, 0, 1);

/** How each zip begins: with an entry, or with the end of one that has none. */
const ZIP_BEGINS = ["PK\u0003\u0004", "PK\u0005\u0006"];

/** A zip, as it is sent. */
export interface PackageArchive {
  readonly filename: string;
  readonly zip: Buffer;
}

/**
 * Reads a zip, or zips the files of a directory: the same files are the same bytes, whenever and wherever.
 *
 * @throws UsageFailure for what cannot be read
 * @throws Failure for what is no zip, or has more files than OMPS takes
 */
export function packageArchive(path: string): PackageArchive {
  try {
    if (statSync(path).isDirectory())
      return { filename: `${basename(resolve(path)) || "package"}.zip`, zip: zipped(path) };
    const zip = readFileSync(path);
    if (ZIP_BEGINS.includes(zip.toString("latin1", 0, 4))) return { filename: zipName(path), zip };
  } catch (error) {
    if (error instanceof Failure) throw error;
    const code = codeOf(error);
    throw new UsageFailure(
      code === "ENOENT"
        ? `There is no ${path}; name a directory or a zip.`
        : `${path} cannot be read (${code}).`,
    );
  }
  throw new Failure(EXIT.refused, `${path} is no zip. Name a zip, or the directory with the manifests.`);
}

/** OMPS wants the ending. */
function zipName(path: string): string {
  const name = basename(path);
  return /\.zip$/i.test(name) ? name : `${name}.zip`;
}

function zipped(dir: string): Buffer {
  const files = filesOf(dir);
  if (files.length === 0) throw new Failure(EXIT.refused, `${dir} has no files.`);
  if (files.length > MAX_ENTRIES)
    throw new Failure(
      EXIT.refused,
      `${dir} has ${files.length} files; a package has at most ${MAX_ENTRIES}.`,
    );
  const entries = files.toSorted().map((name) => [name, new Uint8Array(readFileSync(join(dir, name)))]);
  return Buffer.from(
    zipSync(Object.fromEntries(entries), { level: 6, mtime: ZIP_EPOCH, os: 3, attrs: 0o100644 << 16 }),
  );
}

/** Paths of all files, with "/". Links are followed to files, not to directories, which may be above. */
function filesOf(dir: string, prefix = ""): string[] {
  return readdirSync(join(dir, prefix))
    .filter((name) => !LEFT_OUT.has(name))
    .flatMap((name) => {
      const path = prefix + name;
      if (lstatSync(join(dir, path)).isDirectory()) return filesOf(dir, `${path}/`);
      if (statSync(join(dir, path), { throwIfNoEntry: false })?.isFile()) return [path];
      throw new UsageFailure(`${join(dir, path)} is no file; take it out of the package.`);
    });
}
