import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { type FileMap, unpack } from "../../lib/archive/index.ts";
import { PackageValidationError } from "../../lib/errors/index.ts";
import { buildRelease, identifyPackage, Manifests, type Verdict, verify } from "../../lib/operator/index.ts";

/** Unpacked bytes of a zip that is judged: what Koji archives may have by default. */
export const MAX_UNPACKED_BYTES = 200 * 1024 * 1024;

/** What is asked: a package, and the repository that it would be pushed to. */
export interface Package {
  /** A directory with the manifests, or a zip of them. */
  readonly path: string;
  /** The package's own name, where it is absent. */
  readonly repository?: string | undefined;
}

export interface Judgement {
  readonly verdict: Verdict;
  /** What would be pushed, where the package is valid. */
  readonly release?: FileMap;
}

/**
 * Judges a package as a push would.
 *
 * @throws Error where it cannot be read
 */
export async function judge({ path, repository }: Package): Promise<Judgement> {
  return judgeFiles(await readPackage(path), repository);
}

/** The same for files that are read already. */
export function judgeFiles(files: FileMap, repository?: string): Judgement {
  const manifests = new Manifests(files);
  const verdict = verify(manifests, repository ?? ownName(manifests));
  return verdict.valid ? { verdict, release: buildRelease(manifests, verdict) } : { verdict };
}

/** Gives the files of a directory or a zip. Throws an Error where it cannot be read. */
export async function readPackage(path: string): Promise<FileMap> {
  return statSync(path).isDirectory()
    ? readDirectory(path)
    : await unpack(readFileSync(path), MAX_UNPACKED_BYTES);
}

/** A package without a name, or one that cannot be read, fails by the rules, whatever the repository. */
function ownName(manifests: Manifests): string {
  try {
    const { packageName } = identifyPackage(manifests);
    return typeof packageName === "string" ? packageName : "";
  } catch (error) {
    if (!(error instanceof PackageValidationError)) throw error;
    return "";
  }
}

function readDirectory(dir: string): FileMap {
  const files = new Map<string, Uint8Array>();
  for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
    const path = join(dir, name);
    // Nothing is where a dangling link leads.
    const isFile = statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
    if (isFile) files.set(relative(dir, path).split(sep).join("/"), readFileSync(path));
  }
  return files;
}
